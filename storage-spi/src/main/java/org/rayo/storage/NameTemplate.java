package org.rayo.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rayo.storage.NamePiece.Kind;

/**
 * How recordings are named within a store, as in {@code {date:yyyy/MM/dd}/{recording-id}.{format}}:
 * words in braces stand for what is known of a recording, {@code /} separates segments.
 *
 * <p>Whatever the facts hold, the name is one that {@link RecordingFile} takes: of ASCII letters,
 * digits and {@code . _ @ + = ~ -}, which what else is in a fact becomes {@code _}; no segment
 * empty, beginning with {@code .} or {@code -}, ending in {@code .}, or longer than {@value
 * #LONGEST_SEGMENT} bytes; in all no longer than {@value #LONGEST_NAME}, for which the longest
 * facts are cut. No fact adds a segment. Two recordings never share a name: a template without
 * {@code {recording-id}}, {@code {random}} or {@code #{md5}} gets {@code -{recording-id}} at its
 * end, before the extension; and one whose last segment lacks {@code {format}} gets it as its
 * extension. No name ends in {@code .json}: so end the {@link RecordingFile#sidecar sidecars}.
 *
 * <p>{@code {again}} is nothing for the first recording of a call, and {@code _<component-id>} for
 * any other. A segment of {@code {call-id}{again}} and, besides, only dates, the format and fixed
 * text is unique too. Where the call's id is not fit to stand in a name as it is, {@code {again}}
 * is {@code _<recording-id>}.
 *
 * <p>The words of janus-gateway's patterns, {@code #{id} #{time} #{type} #{rand} #{md5} #{plugin}},
 * are understood too. Times are UTC. Immutable.
 */
public final class NameTemplate {

  /** Bytes that file systems allow for one. */
  static final int LONGEST_SEGMENT = 255;

  /** Bytes that S3 allows for a key. */
  static final int LONGEST_NAME = 1024;

  /** Characters of a fact that are kept at most. */
  private static final int LONGEST_FACT = 100;

  private static final Pattern PLACEHOLDER = Pattern.compile("#?\\{([^{}]*)\\}");
  private static final Pattern SEPARATOR = Pattern.compile("/");
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._@+=~-]+");

  /** By day, then by id. */
  public static final NameTemplate DEFAULT = parse("{date:yyyy/MM/dd}/{recording-id}.{format}");

  private final String text;
  private final List<List<NamePiece>> segments;

  private NameTemplate(String text, List<List<NamePiece>> segments) {
    this.text = text;
    this.segments = segments;
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException saying what is wrong and what is allowed, for the person who
   *     wrote it
   */
  public static NameTemplate parse(String template) {
    if (template.length() > LONGEST_NAME) {
      throw new IllegalArgumentException(
          "it has " + template.length() + " characters; at most " + LONGEST_NAME + " are allowed");
    }
    List<NamePiece> pieces = pieces(template);
    List<List<NamePiece>> segments = segments(pieces);
    addFormat(segments.get(segments.size() - 1));
    if (pieces.stream().noneMatch(piece -> piece.kind() == Kind.UNIQUE)
        && segments.stream().noneMatch(NameTemplate::uniqueWithinItsCall)) {
      addId(segments.get(segments.size() - 1));
    }
    NameTemplate read = new NameTemplate(template, segments);
    read.requireLength();
    return read;
  }

  private static List<NamePiece> pieces(String template) {
    List<NamePiece> pieces = new ArrayList<>();
    Matcher matcher = PLACEHOLDER.matcher(template);
    int done = 0;
    while (matcher.find()) {
      addLiteral(pieces, template.substring(done, matcher.start()));
      pieces.addAll(NamePiece.ofWord(matcher.group()));
      done = matcher.end();
    }
    addLiteral(pieces, template.substring(done));
    return pieces;
  }

  private static void addLiteral(List<NamePiece> pieces, String literal) {
    List<String> parts = List.of(literal.split("/", -1));
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        pieces.add(NamePiece.SEPARATOR);
      }
      String part = parts.get(i);
      if (!part.isEmpty()) {
        if (!LITERAL.matcher(part).matches()) {
          throw new IllegalArgumentException(
              "'"
                  + part
                  + "' cannot stand in a name; allowed are letters a to z, digits, . _ @ + = ~ -,"
                  + " the separator / and words in braces: "
                  + NamePiece.words());
        }
        pieces.add(NamePiece.literal(part));
      }
    }
  }

  private static List<List<NamePiece>> segments(List<NamePiece> pieces) {
    List<List<NamePiece>> segments = new ArrayList<>();
    segments.add(new ArrayList<>());
    for (NamePiece piece : pieces) {
      if (piece.kind() == Kind.SEPARATOR) {
        segments.add(new ArrayList<>());
      } else {
        segments.get(segments.size() - 1).add(piece);
      }
    }
    segments.forEach(NameTemplate::requireProper);
    return segments;
  }

  private static void requireProper(List<NamePiece> segment) {
    if (segment.isEmpty()) {
      throw new IllegalArgumentException(
          "a part between slashes is empty; it must not begin or end with / or hold //");
    }
    NamePiece first = segment.get(0);
    if (first.kind() == Kind.LITERAL && first.text().matches("[.-].*")) {
      throw new IllegalArgumentException(
          "'" + first.text() + "' begins a part of the path; . and - may not");
    }
  }

  /** Whether it tells recordings apart by their calls and, within those, by {@code {again}}. */
  private static boolean uniqueWithinItsCall(List<NamePiece> segment) {
    int at = segment.indexOf(NamePiece.CALL_ID);
    return at >= 0
        && at + 1 < segment.size()
        && segment.get(at + 1).kind() == Kind.AGAIN
        && segment.stream().filter(piece -> piece.kind() == Kind.AGAIN).count() == 1
        && segment.stream().filter(piece -> piece.kind() == Kind.FREE).count() == 1
        && segment.stream().noneMatch(piece -> piece.text().startsWith("#{"));
  }

  private static void addFormat(List<NamePiece> last) {
    if (last.stream().noneMatch(piece -> piece.kind() == Kind.FORMAT)) {
      last.add(NamePiece.literal("."));
      last.add(NamePiece.FORMAT);
    }
  }

  private static void addId(List<NamePiece> last) {
    int end = last.size() - 1;
    boolean extension =
        end > 0
            && last.get(end).kind() == Kind.FORMAT
            && last.get(end - 1).kind() == Kind.LITERAL
            && last.get(end - 1).text().endsWith(".");
    int at = last.size();
    if (extension) {
      String before = last.get(end - 1).text();
      last.set(end - 1, NamePiece.literal("."));
      at = end - 1;
      if (before.length() > 1) {
        last.add(at++, NamePiece.literal(before.substring(0, before.length() - 1)));
      }
    }
    last.add(at, NamePiece.ID);
    last.add(at, NamePiece.literal("-"));
  }

  private void requireLength() {
    for (List<NamePiece> segment : segments) {
      requireAtMost(LONGEST_SEGMENT, length(segment), "a part between slashes");
    }
    int all = segments.stream().mapToInt(segment -> length(segment) + 1).sum() - 1;
    requireAtMost(LONGEST_NAME, all, "it");
  }

  private static void requireAtMost(int most, int length, String what) {
    if (length > most) {
      throw new IllegalArgumentException(
          what + " can get " + length + " bytes long; at most " + most + " are allowed");
    }
  }

  /** However much the facts are cut. */
  private static int length(List<NamePiece> segment) {
    return segment.stream().mapToInt(NamePiece::leastLength).sum();
  }

  /** The name of this recording; the same facts give the same name. */
  public String name(RecordingFacts facts) {
    String whole = name(facts, LONGEST_FACT);
    if (fits(whole)) {
      return whole;
    }
    // Facts that are not there at all fit always; of the lengths beyond, the longest that does.
    String longestThatFits = name(facts, 0);
    int fits = 0;
    int tooLong = LONGEST_FACT;
    while (tooLong - fits > 1) {
      int middle = (fits + tooLong) / 2;
      String name = name(facts, middle);
      if (fits(name)) {
        fits = middle;
        longestThatFits = name;
      } else {
        tooLong = middle;
      }
    }
    return longestThatFits;
  }

  private static boolean fits(String name) {
    return name.length() <= LONGEST_NAME
        && SEPARATOR.splitAsStream(name).allMatch(s -> s.length() <= LONGEST_SEGMENT);
  }

  private String name(RecordingFacts facts, int longest) {
    return withoutSidecarsEnd(joined(facts, longest));
  }

  private static String withoutSidecarsEnd(String name) {
    int end = name.length() - RecordingFile.SIDECAR_END.length();
    // No store may tell capital letters from small ones.
    return name.toLowerCase(Locale.ROOT).endsWith(RecordingFile.SIDECAR_END)
        ? name.substring(0, end) + "_" + name.substring(end + 1)
        : name;
  }

  private String joined(RecordingFacts facts, int longest) {
    return segments.stream()
        .map(
            segment ->
                proper(
                    segment.stream()
                        .map(piece -> piece.of(facts, longest))
                        .collect(Collectors.joining())))
        .collect(Collectors.joining("/"));
  }

  /** Facts may be empty, or dots: no segment may. */
  private static String proper(String segment) {
    if (segment.isEmpty()) {
      return "_";
    }
    StringBuilder proper = new StringBuilder(segment);
    if (".-".indexOf(proper.charAt(0)) >= 0) {
      proper.setCharAt(0, '_');
    }
    if (proper.charAt(proper.length() - 1) == '.') {
      proper.setCharAt(proper.length() - 1, '_');
    }
    return proper.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NameTemplate that && that.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The template as it was written. */
  @Override
  public String toString() {
    return text;
  }
}
