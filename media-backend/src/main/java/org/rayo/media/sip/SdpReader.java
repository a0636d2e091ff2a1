package org.rayo.media.sip;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a session description line by line. Takes either line ending and lines it does not know;
 * what it needs must be right. Bounded: 64 KiB, 32 streams, 64 formats and 512 attributes a stream.
 */
final class SdpReader {

  static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_STREAMS = 32;
  private static final int MAX_FORMATS = 64;
  private static final int MAX_ATTRIBUTES = 512;
  private static final int MAX_TOKEN = 255;

  private final List<Sdp.Media> media = new ArrayList<>();
  private final List<Sdp.Attribute> sessionAttributes = new ArrayList<>();
  private Optional<Sdp.Origin> origin = Optional.empty();
  private Optional<Sdp.Connection> sessionConnection = Optional.empty();
  private Optional<String> timing = Optional.empty();
  private boolean versionSeen;
  private int number;

  private SdpReader() {}

  static Sdp read(byte[] text) throws SdpException {
    if (text.length > MAX_BYTES) {
      throw new SdpException(0, text.length + " bytes are more than " + MAX_BYTES);
    }
    return new SdpReader().readAll(new String(text, StandardCharsets.UTF_8));
  }

  private Sdp readAll(String text) throws SdpException {
    for (String line : text.split("\r\n|\n|\r", -1)) {
      number++;
      if (!line.isBlank()) {
        readLine(line);
      }
    }
    if (!versionSeen) {
      throw new SdpException(0, "there is no v= line");
    }
    return new Sdp(
        origin.orElseThrow(() -> new SdpException(0, "there is no o= line")),
        timing.orElse("0 0"),
        sessionConnection,
        sessionAttributes,
        media);
  }

  private void readLine(String line) throws SdpException {
    if (line.length() < 2 || line.charAt(1) != '=') {
      throw problem("'" + excerpt(line) + "' does not have the form x=value");
    }
    String value = line.substring(2).strip();
    char type = line.charAt(0);
    if (!versionSeen && type != 'v') {
      throw problem("the first line is not v=0");
    }
    switch (type) {
      case 'v' -> version(value);
      case 'o' -> origin(value);
      case 't' -> timing(value);
      case 'c' -> connection(value);
      case 'a' -> attribute(value);
      case 'm' -> media(value);
      default -> {
        // s, i, u, e, p, b, r, z, k: nothing that this endpoint acts on
      }
    }
  }

  private void version(String value) throws SdpException {
    if (versionSeen || !value.equals("0")) {
      throw problem("version is '" + excerpt(value) + "', or told twice; one v=0 is allowed");
    }
    versionSeen = true;
  }

  private void origin(String value) throws SdpException {
    String[] parts = value.split(" +", -1);
    if (parts.length != 6 || !isNumber(parts[1]) || !isNumber(parts[2])) {
      throw problem("o= is not: username, session id, version, IN, IP4 or IP6, address");
    }
    if (origin.isEmpty()) {
      origin =
          Optional.of(
              new Sdp.Origin(
                  parts[0], parts[1], parts[2], connection(parts[3], parts[4], parts[5])));
    }
  }

  private void timing(String value) throws SdpException {
    if (!value.matches("[0-9]{1,20} +[0-9]{1,20}")) {
      throw problem("t= is not two numbers");
    }
    if (timing.isEmpty()) {
      timing = Optional.of(value);
    }
  }

  private void connection(String value) throws SdpException {
    String[] parts = value.split(" +", -1);
    if (parts.length != 3) {
      throw problem("c= is not: IN, IP4 or IP6, address");
    }
    Optional<Sdp.Connection> read = Optional.of(connection(parts[0], parts[1], parts[2]));
    if (media.isEmpty()) {
      sessionConnection = read;
      return;
    }
    Sdp.Media last = media.get(media.size() - 1);
    replaceLast(
        new Sdp.Media(
            last.kind(), last.port(), last.protocol(), last.formats(), read, last.attributes()));
  }

  private Sdp.Connection connection(String net, String type, String address) throws SdpException {
    if (!net.equals("IN") || !(type.equals("IP4") || type.equals("IP6"))) {
      throw problem("network '" + excerpt(net + " " + type) + "' is neither IN IP4 nor IN IP6");
    }
    int slash = address.indexOf('/');
    String bare = slash < 0 ? address : address.substring(0, slash);
    if (bare.isEmpty() || bare.length() > MAX_TOKEN) {
      throw problem("the address has " + bare.length() + " characters; 1 to 255 are allowed");
    }
    return new Sdp.Connection(type, bare);
  }

  private void attribute(String value) throws SdpException {
    int colon = value.indexOf(':');
    Sdp.Attribute read =
        colon < 0
            ? new Sdp.Attribute(value, "")
            : new Sdp.Attribute(value.substring(0, colon), value.substring(colon + 1).strip());
    if (media.isEmpty()) {
      sessionAttributes.add(read);
      return;
    }
    Sdp.Media last = media.get(media.size() - 1);
    if (last.attributes().size() == MAX_ATTRIBUTES) {
      throw problem("more than " + MAX_ATTRIBUTES + " attributes in one stream");
    }
    List<Sdp.Attribute> grown = new ArrayList<>(last.attributes());
    grown.add(read);
    replaceLast(
        new Sdp.Media(
            last.kind(), last.port(), last.protocol(), last.formats(), last.connection(), grown));
  }

  private void media(String value) throws SdpException {
    String[] parts = value.split(" +", -1);
    if (parts.length < 4) {
      throw problem("m= is not: kind, port, protocol, formats");
    }
    if (media.size() == MAX_STREAMS) {
      throw problem("more than " + MAX_STREAMS + " streams");
    }
    if (parts.length - 3 > MAX_FORMATS) {
      throw problem("more than " + MAX_FORMATS + " formats in one stream");
    }
    List<String> formats = List.of(parts).subList(3, parts.length);
    media.add(
        new Sdp.Media(parts[0], port(parts[1]), parts[2], formats, Optional.empty(), List.of()));
  }

  /** {@code 49170} or {@code 49170/2}, whose count does not matter here. */
  private int port(String text) throws SdpException {
    int slash = text.indexOf('/');
    String digits = slash < 0 ? text : text.substring(0, slash);
    if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65535) {
      throw problem("port '" + excerpt(text) + "' is not a number from 0 to 65535");
    }
    return Integer.parseInt(digits);
  }

  private void replaceLast(Sdp.Media changed) {
    media.set(media.size() - 1, changed);
  }

  private static boolean isNumber(String text) {
    return text.matches("[0-9]{1,40}");
  }

  private static String excerpt(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private SdpException problem(String what) {
    return new SdpException(number, what);
  }
}
