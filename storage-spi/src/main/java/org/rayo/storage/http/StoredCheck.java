package org.rayo.storage.http;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.http.HttpTransport.Answer;
import org.rayo.storage.http.HttpTransport.Request;

/**
 * Asks a receiver with HEAD whether it has what was sent: its size, and its checksum where the
 * receiver tells one. After a 202, which promises nothing, it is asked until the recording is there
 * or the store's time-out has passed.
 */
record StoredCheck(HttpSettings settings, HttpTransport transport, Cancellation cancellation) {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** RFC 9530, as in {@code sha-256=:…:}. */
  private static final Pattern DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/]{43}=):");

  /**
   * Returns when the recording is there, whole.
   *
   * @param accepted the receiver has said no more than that it may store it later
   */
  void verify(URI uri, SpoolBody body, boolean accepted) throws StorageException {
    long endNanos = System.nanoTime() + settings.timeout().toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        once(uri, body);
        return;
      } catch (StorageException e) {
        if (!accepted || e.fault() != Fault.CORRUPTED) {
          throw e;
        }
        if (System.nanoTime() - endNanos >= 0) {
          throw new StorageException(
              Fault.UNAVAILABLE,
              HttpTransport.shown(uri)
                  + " was accepted (202), but not stored within "
                  + settings.timeout().toMillis()
                  + " ms",
              e);
        }
      }
      cancellation.pause(pause);
      Duration longer = pause.multipliedBy(2);
      pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  private void once(URI uri, SpoolBody body) throws StorageException {
    Answer answer = transport.send(Request.head(uri), cancellation);
    String where = HttpTransport.shown(answer.uri());
    if (answer.status() == 404 || answer.status() == 410) {
      throw new StorageException(
          Fault.CORRUPTED, where + " is not there, though the receiver said it had stored it");
    }
    if (!HttpFaults.success(answer.status())
        && HttpFaults.fault(answer.status()) != Fault.UNAVAILABLE) {
      // Whatever it says of the question, it says nothing of the recording.
      throw unfit("HEAD " + where + " answered " + answer.status());
    }
    HttpFaults.requireSuccess(answer);
    OptionalLong size = size(answer);
    if (size.isEmpty()) {
      throw unfit(where + " does not tell its Content-Length");
    }
    if (size.getAsLong() != body.sizeBytes()) {
      throw new StorageException(
          Fault.CORRUPTED,
          where + " has " + size.getAsLong() + " bytes instead of " + body.sizeBytes());
    }
    requireSameChecksum(answer, "X-Checksum-Sha256", body);
    requireSameChecksum(answer, "Repr-Digest", body);
  }

  private StorageException unfit(String what) {
    return new StorageException(
        Fault.CONFIGURATION,
        "rayo.storage.stores."
            + settings.name()
            + ".verify = \"head\": "
            + what
            + "; a receiver that cannot be asked needs verify = none");
  }

  private static OptionalLong size(Answer answer) {
    Optional<String> text = answer.headers().firstValue("Content-Length");
    return text.isPresent() && text.get().matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(text.get()))
        : OptionalLong.empty();
  }

  /** A receiver need not tell a checksum, but one that it tells has to be right. */
  static void requireSameChecksum(Answer answer, String header, SpoolBody body)
      throws StorageException {
    Optional<String> told = answer.headers().firstValue(header).flatMap(StoredCheck::hex);
    if (told.isPresent() && !told.get().equals(HexFormat.of().formatHex(body.sha256()))) {
      throw new StorageException(
          Fault.CORRUPTED,
          HttpTransport.shown(answer.uri()) + " has another checksum: " + told.get());
    }
  }

  private static Optional<String> hex(String header) {
    if (header.matches("[0-9A-Fa-f]{64}")) {
      return Optional.of(header.toLowerCase(Locale.ROOT));
    }
    Matcher digest = DIGEST.matcher(header);
    return digest.find()
        ? Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(digest.group(1))))
        : Optional.empty();
  }
}
