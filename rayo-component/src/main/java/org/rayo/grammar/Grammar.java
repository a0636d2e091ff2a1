package org.rayo.grammar;

import java.util.Map;

/**
 * What keys an input waits for. Immutable.
 *
 * @see <a href="https://www.w3.org/TR/speech-grammar/">SRGS 1.0</a>
 */
public final class Grammar {
  /** The content type of the XML form of SRGS. */
  public static final String SRGS_XML = "application/srgs+xml";

  /** The largest text of a grammar, in characters. */
  public static final int MOST_CHARACTERS = 64 * 1024;

  private final String name;
  private final Program program;

  private Grammar(String name, Program program) {
    this.name = name;
    this.program = program;
  }

  static Grammar compiled(String name, Expression root, Map<String, Expression> rules)
      throws GrammarException {
    return new Grammar(name, Compiler.compile(root, rules));
  }

  /**
   * Reads a grammar's text.
   *
   * @param name of the grammar, for results: a URI, or empty
   * @param contentType {@value #SRGS_XML}, with or without parameters
   * @throws GrammarException when it is not well-formed, not SRGS, not of keys, or too much
   */
  public static Grammar parse(String name, String contentType, String text)
      throws GrammarException {
    String type = contentType.split(";", 2)[0].strip();
    if (!type.equalsIgnoreCase(SRGS_XML) && !type.equalsIgnoreCase("application/grammar+xml")) {
      throw GrammarException.unsupported(
          "grammars of type "
              + GrammarException.quoted(contentType)
              + " are not supported, only "
              + SRGS_XML);
    }
    if (text.length() > MOST_CHARACTERS) {
      throw GrammarException.unsupported(
          "the grammar has more than " + MOST_CHARACTERS + " characters");
    }
    return SrgsReader.read(name, text);
  }

  /**
   * A grammar known by its name: {@code builtin:dtmf/<name>?<parameters>} or {@code
   * builtin:grammar/…}, where the name is one of {@code digits}, {@code boolean}, {@code phone},
   * {@code number}, {@code currency}, {@code date}, {@code time}.
   *
   * @throws GrammarException when it is another URI, name or parameter
   * @see <a href="https://www.w3.org/TR/voicexml20/#dmlABuiltins">VoiceXML 2.0, appendix P</a>
   */
  public static Grammar builtin(String uri) throws GrammarException {
    return Builtin.read(uri);
  }

  /** How it is called in results. */
  public String name() {
    return name;
  }

  /** How many states it has, which is what it takes of memory and of time for each key. */
  public int states() {
    return program.size();
  }

  Program program() {
    return program;
  }
}
