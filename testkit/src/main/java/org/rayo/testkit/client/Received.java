package org.rayo.testkit.client;

import java.util.Optional;
import org.w3c.dom.Element;

/**
 * A stanza that a client got.
 *
 * @param number in the order of arrival, from 0
 * @param xml as it came
 */
public record Received(int number, String xml, Element stanza) {

  /** The stanza's {@code from}, or empty text. */
  public String from() {
    return stanza.getAttribute("from");
  }

  /** The stanza's {@code type}, or empty text. */
  public String type() {
    return stanza.getAttribute("type");
  }

  /** The stanza's {@code id}, or empty text. */
  public String id() {
    return stanza.getAttribute("id");
  }

  /** The stanza's first child of this name. */
  public Optional<Element> child(String name) {
    return Xml.child(stanza, name);
  }

  /** A presence with a child of this name, as every Rayo event is. */
  public boolean isEvent(String name) {
    return stanza.getLocalName().equals("presence") && child(name).isPresent();
  }

  /** Whether it is the answer to an iq that went well. */
  public boolean isResult() {
    return type().equals("result");
  }

  /** Whether it is the answer to the iq of this id. */
  public boolean answers(String iqId) {
    return stanza.getLocalName().equals("iq") && id().equals(iqId);
  }

  /** For a {@code complete} or {@code end}: the name of its first child, the reason. */
  public String reason() {
    return child("complete")
        .or(() -> child("end"))
        .map(event -> Xml.children(event).get(0).getLocalName())
        .orElseThrow(() -> new IllegalStateException("neither complete nor end: " + xml));
  }

  /** For a {@code complete}: its recording. */
  public Optional<RecordingFacts> recording() {
    return child("complete")
        .flatMap(complete -> Xml.child(complete, "recording"))
        .map(
            r ->
                new RecordingFacts(
                    r.getAttribute("uri"),
                    Long.parseLong(r.getAttribute("duration")),
                    Long.parseLong(r.getAttribute("size"))));
  }

  /**
   * For an error answer: {@code condition/type}, for example {@code conflict/cancel}; else empty
   * text.
   */
  public String error() {
    return child("error")
        .map(error -> Xml.children(error).get(0).getLocalName() + "/" + error.getAttribute("type"))
        .orElse("");
  }

  /** For an error answer: its text, or empty text. */
  public String errorText() {
    return child("error")
        .flatMap(error -> Xml.child(error, "text"))
        .map(Element::getTextContent)
        .orElse("");
  }

  /** For the answer to a command that started a component: the component's address. */
  public String ref() {
    String uri =
        child("ref")
            .map(ref -> ref.getAttribute("uri"))
            .orElseThrow(() -> new IllegalStateException("no ref: " + xml));
    if (!uri.startsWith("xmpp:")) {
      throw new IllegalStateException("a ref's uri begins with xmpp: " + xml);
    }
    return uri.substring("xmpp:".length());
  }

  /** What a {@code <recording/>} says. */
  public record RecordingFacts(String uri, long durationMillis, long sizeBytes) {}
}
