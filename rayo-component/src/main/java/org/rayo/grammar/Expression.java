package org.rayo.grammar;

import java.util.List;

/** What a rule is made of, before it is compiled. */
sealed interface Expression {

  /** One key of a set; of an empty one, nothing ever matches. */
  record Key(int set) implements Expression {}

  /** All, one after the other. */
  record Sequence(List<Expression> parts) implements Expression {
    public Sequence {
      parts = List.copyOf(parts);
    }
  }

  /** One of these; the first is preferred. */
  record Choice(List<Expression> alternatives) implements Expression {
    public Choice {
      alternatives = List.copyOf(alternatives);
    }
  }

  /**
   * The same several times; more is preferred.
   *
   * @param most {@link #UNBOUNDED} for any number
   */
  record Repeat(Expression what, int least, int most) implements Expression {
    static final int UNBOUNDED = -1;
  }

  /** What it means to have come here. */
  record Tag(String text) implements Expression {}

  /** What another rule says. */
  record Reference(String rule) implements Expression {}

  /** Nothing. */
  static Expression nothing() {
    return new Sequence(List.of());
  }
}
