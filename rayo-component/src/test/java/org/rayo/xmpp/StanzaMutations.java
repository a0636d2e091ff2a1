package org.rayo.xmpp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.dom4j.Attribute;
import org.dom4j.DocumentException;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.Namespace;
import org.dom4j.QName;
import org.rayo.protocol.KnownStanzas;

/** Known stanzas gone wrong: first in their structure, then in their bytes. The seed decides. */
final class StanzaMutations {

  private static final List<String> NAMES =
      List.of(
          "iq",
          "presence",
          "message",
          "record",
          "hint",
          "header",
          "stop",
          "pause",
          "resume",
          "error",
          "type",
          "id",
          "from",
          "to",
          "name",
          "value",
          "format",
          "max-duration",
          "mix",
          "direction",
          "show",
          "query",
          "body",
          "x",
          "_",
          "dial",
          "stream");

  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "true",
          "0",
          "-1",
          "-5",
          "1.5",
          "abc",
          "none",
          "10000|none",
          "9223372036854775808",
          "set",
          "get",
          "result",
          "error",
          "unavailable",
          "subscribe",
          "rayo.localhost",
          "c1@rayo.localhost",
          "@",
          "a@b@c/d",
          "/",
          "juliet@localhost/\u20ac",
          "mp3",
          "../../etc/passwd",
          "%00",
          "\n",
          "\u00a0",
          "\u0660",
          "\ud83d\ude00",
          "<&>'\"]]>",
          "stop-keys",
          "meta.x",
          "quality",
          "name");

  private static final List<String> NAMESPACES =
      List.of(
          "",
          "jabber:component:accept",
          "urn:xmpp:rayo:1",
          "urn:xmpp:rayo:ext:1",
          "urn:xmpp:rayo:record:1",
          "urn:xmpp:ping",
          "http://etherx.jabber.org/streams",
          "urn:x");

  private static final String PIECES = "<>/='\"&;:@![]?-# \0\u0001xmlnsiqtypefrom";

  private final Random random;
  private final List<String> seeds = KnownStanzas.all();

  /** Parsed once: finding a parser takes longer than all else. */
  private final List<Element> parsed = seeds.stream().map(StanzaMutations::parse).toList();

  private int fresh;

  StanzaMutations(long seed) {
    random = new Random(seed);
  }

  /** The next one. */
  byte[] next() {
    String text = random.nextInt(4) > 0 ? changed(pick(parsed).createCopy()) : pick(seeds);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int changes = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0; changes > 0; changes--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private String changed(Element stanza) {
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      List<Element> all = new ArrayList<>();
      collect(stanza, all);
      mutate(pick(all), all);
    }
    return stanza.asXML();
  }

  private static Element parse(String text) {
    try {
      return DocumentHelper.parseText(text).getRootElement();
    } catch (DocumentException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static void collect(Element element, List<Element> all) {
    all.add(element);
    element.elements().forEach(child -> collect(child, all));
  }

  private void mutate(Element element, List<Element> all) {
    switch (random.nextInt(13)) {
      case 0 -> element.addAttribute(pick(NAMES), value());
      case 1, 2 -> changeAnAttribute(element);
      case 3 -> element.addElement(new QName(name(), namespace()));
      case 4 -> element.addText(value());
      case 5 -> element.setQName(new QName(name(), element.getNamespace()));
      case 6 -> element.setQName(new QName(element.getName(), namespace()));
      case 7 -> removeAChild(element);
      case 8 -> element.add(pick(all).createCopy());
      case 9 -> element.add(pick(DocumentHelper.createElement("s"), pick(parsed)));
      case 10 -> nest(element, 1 + random.nextInt(20));
      case 11 -> nest(element, 120 + random.nextInt(20));
      default -> element.addAttribute(new QName(name(), new Namespace("n", "urn:n")), value());
    }
  }

  private static Element pick(Element otherwise, Element stanza) {
    return stanza.elements().isEmpty() ? otherwise : stanza.elements().get(0).createCopy();
  }

  private static void nest(Element element, int depth) {
    Element at = element;
    for (int i = 0; i < depth; i++) {
      at = at.addElement(new QName("x"));
    }
  }

  private static void removeAChild(Element element) {
    if (!element.elements().isEmpty()) {
      element.remove(element.elements().get(0));
    }
  }

  private void changeAnAttribute(Element element) {
    List<Attribute> attributes = element.attributes();
    if (attributes.isEmpty()) {
      return;
    }
    Attribute attribute = pick(attributes);
    if (random.nextInt(3) == 0) {
      element.remove(attribute);
    } else {
      attribute.setValue(value());
    }
  }

  /** Often one that never was before, so that whoever keeps names has to keep them all. */
  private String name() {
    return random.nextBoolean() ? pick(NAMES) : "n" + random.nextInt(10) + "-" + fresh++;
  }

  private Namespace namespace() {
    return new Namespace("", random.nextInt(4) == 0 ? "urn:x:" + fresh++ : pick(NAMESPACES));
  }

  private String value() {
    return switch (random.nextInt(12)) {
      case 0 -> "v".repeat(random.nextInt(3000));
      case 1 -> "" + (char) (0x20 + random.nextInt(0xD000));
      default -> pick(VALUES);
    };
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> bytes[at] = (byte) PIECES.charAt(random.nextInt(PIECES.length()));
      case 2 -> bytes[at] = bytes[random.nextInt(bytes.length)];
      case 3 -> {
        return part(bytes, 0, at + 1);
      }
      default -> {
        byte[] without = new byte[bytes.length - 1];
        System.arraycopy(bytes, 0, without, 0, at);
        System.arraycopy(bytes, at + 1, without, at, without.length - at);
        return without.length == 0 ? bytes : without;
      }
    }
    return bytes;
  }

  private static byte[] part(byte[] bytes, int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
