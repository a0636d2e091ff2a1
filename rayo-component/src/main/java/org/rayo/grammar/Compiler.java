package org.rayo.grammar;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import org.rayo.grammar.Program.Operation;

/**
 * Makes a {@link Program} of rules. References are written out, so rules that lead back to
 * themselves are refused, and so is what would take more than {@value #MOST_STEPS} steps to write
 * out: {@code 1000000000} repeats, or repeats of repeats.
 */
final class Compiler {
  static final int MOST_STEPS = 10_000;
  private static final int DEEPEST = 512;

  private final Map<String, Expression> rules;
  private final Deque<String> within = new ArrayDeque<>();
  private Operation[] operations = new Operation[64];
  private int[] first = new int[64];
  private int[] second = new int[64];
  private String[] tags = new String[64];
  private int size;
  private int steps;
  private int depth;

  private Compiler(Map<String, Expression> rules) {
    this.rules = rules;
  }

  static Program compile(Expression root, Map<String, Expression> rules) throws GrammarException {
    Compiler compiler = new Compiler(rules);
    compiler.write(root);
    compiler.add(Operation.MATCH, 0, "");
    return new Program(
        compiler.operations, compiler.first, compiler.second, compiler.tags, compiler.size);
  }

  private void write(Expression expression) throws GrammarException {
    step();
    if (++depth > DEEPEST) {
      throw GrammarException.unsupported("the grammar's rules are nested too deep");
    }
    if (expression instanceof Expression.Key key) {
      add(Operation.KEY, key.set(), "");
    } else if (expression instanceof Expression.Tag tag) {
      add(Operation.TAG, 0, tag.text());
    } else if (expression instanceof Expression.Sequence sequence) {
      for (Expression part : sequence.parts()) {
        write(part);
      }
    } else if (expression instanceof Expression.Choice choice) {
      choice(choice);
    } else if (expression instanceof Expression.Repeat repeat) {
      repeat(repeat);
    } else if (expression instanceof Expression.Reference reference) {
      reference(reference.rule());
    }
    depth--;
  }

  private void choice(Expression.Choice choice) throws GrammarException {
    int last = choice.alternatives().size() - 1;
    int[] jumps = new int[last + 1];
    for (int i = 0; i <= last; i++) {
      int split = i < last ? add(Operation.SPLIT, size + 1, "") : -1;
      write(choice.alternatives().get(i));
      if (i < last) {
        jumps[i] = add(Operation.JUMP, 0, "");
        second[split] = size;
      }
    }
    for (int i = 0; i < last; i++) {
      first[jumps[i]] = size;
    }
  }

  private void repeat(Expression.Repeat repeat) throws GrammarException {
    for (int i = 0; i < repeat.least(); i++) {
      write(repeat.what());
    }
    if (repeat.most() == Expression.Repeat.UNBOUNDED) {
      int split = add(Operation.SPLIT, size + 1, "");
      write(repeat.what());
      add(Operation.JUMP, split, "");
      second[split] = size;
      return;
    }
    Deque<Integer> splits = new ArrayDeque<>();
    for (int i = repeat.least(); i < repeat.most(); i++) {
      splits.add(add(Operation.SPLIT, size + 1, ""));
      write(repeat.what());
    }
    for (int split : splits) {
      second[split] = size;
    }
  }

  private void reference(String rule) throws GrammarException {
    Expression body = rules.get(rule);
    if (body == null) {
      throw GrammarException.malformed(
          "there is no rule " + GrammarException.quoted(rule) + " in the grammar");
    }
    if (within.contains(rule)) {
      throw GrammarException.unsupported(
          "the rule "
              + GrammarException.quoted(rule)
              + " leads back to itself: write it with item's repeat");
    }
    within.push(rule);
    write(body);
    within.pop();
  }

  private int add(Operation operation, int argument, String tag) throws GrammarException {
    step();
    if (size == operations.length) {
      operations = Arrays.copyOf(operations, 2 * size);
      first = Arrays.copyOf(first, 2 * size);
      second = Arrays.copyOf(second, 2 * size);
      tags = Arrays.copyOf(tags, 2 * size);
    }
    operations[size] = operation;
    first[size] = argument;
    tags[size] = tag;
    return size++;
  }

  private void step() throws GrammarException {
    if (++steps > 2 * MOST_STEPS || size >= MOST_STEPS) {
      throw GrammarException.unsupported(
          "the grammar is too large: written out, its repeats and references have more than "
              + MOST_STEPS
              + " states");
    }
  }
}
