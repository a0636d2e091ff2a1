package org.rayo.media.sip;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A SIP message as a test reads it. */
record SipText(String text) {

  String firstLine() {
    return text.lines().findFirst().orElse("");
  }

  boolean isResponse() {
    return text.startsWith("SIP/2.0 ");
  }

  int status() {
    return isResponse() ? Integer.parseInt(firstLine().split(" ", 3)[1]) : -1;
  }

  /** The first value, or empty. */
  String header(String name) {
    return headers(name).stream().findFirst().orElse("");
  }

  List<String> headers(String name) {
    return text.split("\r\n\r\n", 2)[0]
        .lines()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .toList();
  }

  String body() {
    String[] parts = text.split("\r\n\r\n", 2);
    return parts.length < 2 ? "" : parts[1];
  }

  /** Takes the first whole message from a stream's bytes. */
  static Optional<SipText> takeFrom(List<Byte> bytes) {
    int n = bytes.size();
    if (n < 4 || bytes.get(n - 1) == null) {
      return Optional.empty();
    }
    byte[] all = new byte[n];
    for (int i = 0; i < n; i++) {
      all[i] = bytes.get(i);
    }
    String text = new String(all, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return Optional.empty();
    }
    String length = new SipText(text).header("Content-Length");
    int whole = end + 4 + (length.isEmpty() ? 0 : Integer.parseInt(length));
    if (n < whole) {
      return Optional.empty();
    }
    bytes.subList(0, whole).clear();
    return Optional.of(new SipText(new String(all, 0, whole, StandardCharsets.UTF_8)));
  }
}
