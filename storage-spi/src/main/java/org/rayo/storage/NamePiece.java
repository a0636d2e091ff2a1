package org.rayo.storage;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A piece of a {@link NameTemplate}.
 *
 * @param text what a literal says, else the word as written
 * @param leastLength bytes that it has at least room for, however much is cut
 * @param value of everything but literals, if facts are cut to this length
 */
record NamePiece(
    Kind kind, String text, int leastLength, BiFunction<RecordingFacts, Integer, String> value) {

  /** What matters about a piece. */
  enum Kind {
    /** Always the same. */
    LITERAL,
    /** Between two segments. */
    SEPARATOR,
    /** Of a form that is known: neither cleaned nor cut. */
    FIXED,
    /** The format, which serves as extension. */
    FORMAT,
    /** No two recordings have the same. */
    UNIQUE,
    /** Nothing for the first recording of a call; with the call's id before it, unique. */
    AGAIN,
    /** Written by callers and clients: cleaned, and cut as far as it must be. */
    FREE
  }

  private static final Pattern SCHEME = Pattern.compile("(?i)^(sips?|tel|xmpp):");
  private static final Pattern AFTER_ADDRESS = Pattern.compile("[;?].*", Pattern.DOTALL);
  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._@+=~-]");

  /** Never changed when it becomes part of a name, and without what {@code {again}} begins with. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9@+=~][A-Za-z0-9@+=~-]*");

  private static final Pattern META = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final Pattern DATE =
      Pattern.compile(
          "(?!.*(MMM|ddd|DDDD|HHH|mmm|sss|SSSS|yyyyy))"
              + "(yyyy|yy|MM|DDD|dd|HH|mm|ss|SSS|[/_.-]){1,40}");

  private static final int UUID_DIGITS = 32;
  private static final int MD5_DIGITS = 32;
  private static final int INT_DIGITS = 10;
  private static final int LONG_DIGITS = 19;
  private static final int FORMAT_LENGTH = 16;

  static final NamePiece SEPARATOR = of(Kind.SEPARATOR, "/", 1, facts -> "/");
  static final NamePiece FORMAT =
      of(Kind.FORMAT, "{format}", FORMAT_LENGTH, RecordingFacts::format);
  static final NamePiece ID =
      of(Kind.UNIQUE, "{recording-id}", RecordingFacts.LONGEST_ID, RecordingFacts::recordingId);
  static final NamePiece CALL_ID = free("{call-id}", RecordingFacts::callId);

  /** The words that stand for one fact each. */
  private static final Map<String, NamePiece> WORDS =
      List.of(
              ID,
              FORMAT,
              CALL_ID,
              new NamePiece(Kind.AGAIN, "{again}", 1 + RecordingFacts.LONGEST_ID, NamePiece::again),
              free("{client}", RecordingFacts::client),
              free("{from}", facts -> address(facts.from())),
              free("{to}", facts -> address(facts.to())),
              free("{mixer}", facts -> facts.mixer().orElse("")),
              of(Kind.UNIQUE, "{random}", UUID_DIGITS, facts -> digits(facts.random())),
              // janus-gateway's: what is recorded, microseconds, and what it is made of.
              of(Kind.UNIQUE, "#{id}", RecordingFacts.LONGEST_ID, RecordingFacts::recordingId),
              fixed("#{time}", LONG_DIGITS, facts -> Long.toString(micros(facts.startedAt()))),
              fixed("#{type}", 5, facts -> "audio"),
              fixed("#{rand}", INT_DIGITS, facts -> Long.toString(number(facts.random()))),
              of(Kind.UNIQUE, "#{md5}", MD5_DIGITS, NamePiece::md5),
              fixed("#{plugin}", 4, facts -> "rayo"))
          .stream()
          .collect(Collectors.toMap(NamePiece::text, piece -> piece, (a, b) -> a, TreeMap::new));

  static NamePiece literal(String text) {
    return of(Kind.LITERAL, text, text.length(), facts -> text);
  }

  private static NamePiece of(
      Kind kind, String word, int length, Function<RecordingFacts, String> value) {
    return new NamePiece(kind, word, length, (facts, longest) -> value.apply(facts));
  }

  private static NamePiece fixed(String word, int length, Function<RecordingFacts, String> value) {
    return of(Kind.FIXED, word, length, value);
  }

  private static NamePiece free(String word, Function<RecordingFacts, String> value) {
    return of(Kind.FREE, word, 0, value);
  }

  /**
   * What makes a name with the call's id unique. Where that id does not stand in the name as it is,
   * or could be taken for another's with something behind it, only the recording's own id will do.
   */
  private static String again(RecordingFacts facts, int longest) {
    String callId = facts.callId();
    if (callId.length() > longest || !PLAIN.matcher(callId).matches()) {
      return "_" + facts.recordingId();
    }
    return facts.first() ? "" : "_" + facts.componentId();
  }

  /** The words, for somebody who has written another. */
  static String words() {
    return "{recording-id} {call-id} {again} {client} {from} {to} {date} {date:yyyy/MM/dd} {time}"
        + " {format} {random} {mixer} {meta.x} and #{id} #{time} #{type} #{rand} #{md5} #{plugin}";
  }

  /**
   * The pieces that a word in braces stands for, several for a date with slashes.
   *
   * @throws IllegalArgumentException when there is no such word
   */
  static List<NamePiece> ofWord(String word) {
    NamePiece known = WORDS.get(word);
    if (known != null) {
      return List.of(known);
    }
    if (word.equals("{date}")) {
      return date("yyyy-MM-dd");
    }
    if (word.equals("{time}")) {
      return date("HHmmss");
    }
    for (String dated : List.of("{date:", "{time:")) {
      if (word.startsWith(dated)) {
        return date(word.substring(dated.length(), word.length() - 1));
      }
    }
    if (word.startsWith("{meta.")) {
      String name = word.substring("{meta.".length(), word.length() - 1);
      if (META.matcher(name).matches()) {
        return List.of(free(word, facts -> facts.meta().getOrDefault(name, "")));
      }
    }
    throw new IllegalArgumentException("there is no word " + word + "; there are " + words());
  }

  private static List<NamePiece> date(String pattern) {
    if (!DATE.matcher(pattern).matches()) {
      throw new IllegalArgumentException(
          "'"
              + pattern
              + "' is no form of a date; allowed are yyyy, yy, MM, dd, DDD, HH, mm, ss, SSS and"
              + " between them / - _ .");
    }
    List<NamePiece> pieces = new ArrayList<>();
    for (String part : pattern.split("/", -1)) {
      if (!pieces.isEmpty()) {
        pieces.add(SEPARATOR);
      }
      if (part.isEmpty()) {
        throw new IllegalArgumentException(
            "'" + pattern + "' has nothing before, after or between slashes");
      }
      DateTimeFormatter formatter =
          DateTimeFormatter.ofPattern(part, Locale.ROOT).withZone(ZoneOffset.UTC);
      pieces.add(fixed(part, part.length(), facts -> formatter.format(facts.startedAt())));
    }
    return pieces;
  }

  /** What it is for this recording, safe to stand in a name. */
  String of(RecordingFacts facts, int longest) {
    String said = value.apply(facts, longest);
    if (kind != Kind.FREE) {
      return said;
    }
    int kept = Math.min(said.codePointCount(0, said.length()), longest);
    return UNSAFE.matcher(said.substring(0, said.offsetByCodePoints(0, kept))).replaceAll("_");
  }

  /** Without the scheme and without what follows the address itself. */
  private static String address(String uri) {
    return AFTER_ADDRESS.matcher(SCHEME.matcher(uri).replaceFirst("")).replaceFirst("");
  }

  private static String digits(UUID random) {
    return random.toString().replace("-", "");
  }

  private static long number(UUID random) {
    return Integer.toUnsignedLong((int) random.getLeastSignificantBits());
  }

  private static long micros(Instant when) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, when);
  }

  private static String md5(RecordingFacts facts) {
    String of = micros(facts.startedAt()) + "rayo" + digits(facts.random());
    try {
      byte[] hash = MessageDigest.getInstance("MD5").digest(of.getBytes(StandardCharsets.US_ASCII));
      return String.format(Locale.ROOT, "%032x", new BigInteger(1, hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
