package org.rayo.media.output;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP/1.1 response, read from a connection that is closed after it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
final class HttpResponse {

  private static final int MAX_HEAD_BYTES = 32 * 1024;
  private static final int MAX_INTERIM = 5;
  private static final int BLOCK_BYTES = 8192;
  private static final Duration LONGEST_FRESH = Duration.ofHours(1);

  private final InputStream in;
  private int status;
  private final Map<String, String> headers = new HashMap<>();
  private int headBytes;

  private HttpResponse(InputStream in) {
    this.in = in;
  }

  /** Reads the head; informational responses are passed over. */
  static HttpResponse read(InputStream in) throws IOException {
    HttpResponse response = new HttpResponse(in);
    for (int i = 0; i < MAX_INTERIM; i++) {
      response.readHead();
      if (response.status >= 200) {
        return response;
      }
    }
    throw new IOException("only informational responses");
  }

  int status() {
    return status;
  }

  Optional<String> header(String lowerCaseName) {
    return Optional.ofNullable(headers.get(lowerCaseName));
  }

  HttpVersion version() {
    return new HttpVersion(header("etag"), header("last-modified"));
  }

  boolean mayBeKept() {
    return header("cache-control").map(c -> !c.contains("no-store")).orElse(true);
  }

  /** How long the content need not be asked for again. */
  Duration fresh() {
    for (String directive : header("cache-control").orElse("").split(",", -1)) {
      String[] parts = directive.strip().split("=", 2);
      if (parts[0].equals("no-cache") || parts[0].equals("no-store")) {
        return Duration.ZERO;
      }
    }
    for (String directive : header("cache-control").orElse("").split(",", -1)) {
      String[] parts = directive.strip().split("=", 2);
      if (parts.length == 2 && parts[0].equals("max-age") && parts[1].matches("[0-9]{1,9}")) {
        Duration asked = Duration.ofSeconds(Long.parseLong(parts[1]));
        return asked.compareTo(LONGEST_FRESH) < 0 ? asked : LONGEST_FRESH;
      }
    }
    return Duration.ZERO;
  }

  /**
   * Reads the content.
   *
   * @throws TooLargeException when it is larger, or is said to be
   */
  byte[] body(long maxBytes) throws IOException {
    String encoding = header("content-encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new IOException("the content is coded, " + encoding + ", which was not asked for");
    }
    Optional<String> transfer = header("transfer-encoding");
    if (transfer.isPresent()) {
      if (!transfer.get().equalsIgnoreCase("chunked")) {
        throw new IOException("the transfer coding is " + transfer.get());
      }
      return chunked(maxBytes);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Optional<String> length = header("content-length");
    if (length.isEmpty()) {
      copy(Long.MAX_VALUE, maxBytes, body, false);
      return body.toByteArray();
    }
    if (!length.get().matches("[0-9]{1,18}")) {
      throw new IOException("Content-Length is not a number");
    }
    long expected = Long.parseLong(length.get());
    if (expected > maxBytes) {
      throw new TooLargeException();
    }
    copy(expected, maxBytes, body, true);
    return body.toByteArray();
  }

  private byte[] chunked(long maxBytes) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      headBytes = 0;
      String size = line().split(";", 2)[0].strip();
      if (!size.matches("[0-9A-Fa-f]{1,15}")) {
        throw new IOException("a chunk has no size");
      }
      long length = Long.parseLong(size, 16);
      if (length == 0) {
        return body.toByteArray();
      }
      copy(length, maxBytes, body, true);
      if (!line().isEmpty()) {
        throw new IOException("a chunk is longer than it says");
      }
    }
  }

  private void copy(long count, long maxBytes, ByteArrayOutputStream to, boolean whole)
      throws IOException {
    byte[] block = new byte[BLOCK_BYTES];
    long left = count;
    while (left > 0) {
      int got = in.read(block, 0, (int) Math.min(block.length, left));
      if (got < 0) {
        if (whole) {
          throw new IOException("the content ends early");
        }
        return;
      }
      if (to.size() + (long) got > maxBytes) {
        throw new TooLargeException();
      }
      to.write(block, 0, got);
      left -= got;
    }
  }

  private void readHead() throws IOException {
    headers.clear();
    String[] words = line().split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9]{2}")) {
      throw new IOException("the answer is not HTTP");
    }
    status = Integer.parseInt(words[1]);
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.chars().noneMatch(c -> c < ' ' && c != '\t')) {
        headers.put(
            line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).strip());
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int octet = in.read();
      if (octet < 0) {
        throw new IOException("the answer ends early");
      }
      if (++headBytes > MAX_HEAD_BYTES) {
        throw new IOException("the answer's head is too large");
      }
      if (octet == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(octet);
    }
  }

  /** The content is larger than it may be. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
