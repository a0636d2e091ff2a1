package org.rayo.examples.demo;

import java.io.PrintWriter;

/** Prints what is said, as it is said: who, when, what. Coloured only where that can be seen. */
final class Dialogue {

  private static final String CALLER = "\u001b[33m";
  private static final String SENT = "\u001b[36m";
  private static final String RECEIVED = "\u001b[32m";
  private static final String NOTE = "\u001b[2m";
  private static final String PLAIN = "\u001b[0m";

  /** What the demo's client calls itself; stanzas to and from it are told from the arrow. */
  static final String RESOURCE = "demo";

  private static final int LONG = 60;
  private static final String INDENT = System.lineSeparator() + " ".repeat(22);

  private final PrintWriter out;
  private final boolean coloured;
  private final long start = System.nanoTime();

  Dialogue(PrintWriter out, boolean coloured) {
    this.out = out;
    this.coloured = coloured;
  }

  /** What the caller does. */
  void caller(String what) {
    line(CALLER, "caller", what);
  }

  /** What the demo itself has to say. */
  void note(String what) {
    line(NOTE, "", what);
  }

  /** A stanza of the Rayo client's, {@code > …} sent or {@code < …} received. */
  void stanza(String arrowAndXml) {
    boolean sent = arrowAndXml.startsWith(">");
    line(
        sent ? SENT : RECEIVED,
        sent ? "client ->" : "client <-",
        abridged(arrowAndXml.substring(2)));
  }

  /**
   * A stanza without what only machines read, and without the client's own address; what it carries
   * begins a line of its own where it would be long.
   */
  private static String abridged(String xml) {
    String plain =
        xml.replaceAll(" xmlns='jabber:client'", "")
            .replaceAll(" xml:lang='[^']*'", "")
            .replaceAll("<c xmlns='http://jabber.org/protocol/caps'[^>]*?(/>|></c>)", "")
            .replaceAll("<delay [^>]*?(/>|></delay>)", "")
            .replaceAll("></(?!iq>|presence>)[a-z]+>", "/>");
    int end = plain.indexOf('>');
    if (end < 0) {
      return plain;
    }
    String head =
        plain
            .substring(0, end)
            .replaceAll(" id='[^']*'", "")
            .replaceAll(" (to|from)='[^']*/" + RESOURCE + "'", "");
    String rest = plain.substring(end).replace("><recording", ">" + INDENT + "<recording");
    return rest.length() > LONG ? head + rest.replaceFirst("><", ">" + INDENT + "<") : head + rest;
  }

  private synchronized void line(String colour, String who, String what) {
    String text = String.format("%7.3f  %-9s  %s", (System.nanoTime() - start) / 1e9, who, what);
    out.println(coloured ? colour + text + PLAIN : text);
    out.flush();
  }
}
