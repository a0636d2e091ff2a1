package org.rayo.grammar;

import java.util.Arrays;

/** A grammar as a machine of states, each an operation; begins at state 0. Immutable. */
final class Program {
  /** What a state does. */
  enum Operation {
    /** Takes a key of the set in {@link #first}, then goes on to the next state. */
    KEY,
    /** Goes on to {@link #first}, and if that fails to {@link #second}. */
    SPLIT,
    /** Goes on to {@link #first}. */
    JUMP,
    /** Notes a tag, then goes on to the next state. */
    TAG,
    /** All of the grammar has been matched. */
    MATCH
  }

  private final Operation[] operations;
  private final int[] first;
  private final int[] second;
  private final String[] tags;

  Program(Operation[] operations, int[] first, int[] second, String[] tags, int size) {
    this.operations = Arrays.copyOf(operations, size);
    this.first = Arrays.copyOf(first, size);
    this.second = Arrays.copyOf(second, size);
    this.tags = Arrays.copyOf(tags, size);
  }

  int size() {
    return operations.length;
  }

  Operation operation(int state) {
    return operations[state];
  }

  int first(int state) {
    return first[state];
  }

  int second(int state) {
    return second[state];
  }

  String tag(int state) {
    return tags[state];
  }
}
