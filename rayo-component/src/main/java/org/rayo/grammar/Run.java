package org.rayo.grammar;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rayo.grammar.Program.Operation;

/**
 * One grammar at work: all the states it can be in, those that are preferred first. For each key it
 * looks at every state once at most. Not thread safe.
 */
final class Run {
  /** More tags than these are left out. */
  private static final int MOST_TAGS = 256;

  /** Tags noted on the way, the last first. */
  private record Noted(String tag, @Nullable Noted before, int count) {
    static Noted of(String tag, @Nullable Noted before) {
      if (before == null) {
        return new Noted(tag, null, 1);
      }
      return before.count == MOST_TAGS ? before : new Noted(tag, before, before.count + 1);
    }
  }

  private final Program program;
  private int[] states;
  private @Nullable Noted[] notes;
  private int count;
  private int[] nextStates;
  private @Nullable Noted[] nextNotes;
  private int nextCount;
  private final int[] seen;
  private int step;
  private final int[] toVisit;
  private final @Nullable Noted[] toVisitNotes;
  private boolean complete;
  private @Nullable Noted completeNotes;

  Run(Program program) {
    this.program = program;
    int size = program.size();
    states = new int[size];
    notes = new Noted[size];
    nextStates = new int[size];
    nextNotes = new Noted[size];
    seen = new int[size];
    toVisit = new int[size + 1];
    toVisitNotes = new Noted[size + 1];
    step = 1;
    enter(0, null);
    swap();
  }

  /** The next key. */
  void feed(int key) {
    step++;
    complete = false;
    completeNotes = null;
    for (int i = 0; i < count; i++) {
      if ((program.first(states[i]) & key) != 0) {
        enter(states[i] + 1, notes[i]);
      }
    }
    swap();
  }

  /** Whether what was fed is all of the grammar. */
  boolean isComplete() {
    return complete;
  }

  /** Whether more keys may be taken. */
  boolean canGoOn() {
    return count > 0;
  }

  /** The tags of the preferred way, joined by spaces; empty if there are none. */
  Optional<String> tags() {
    if (completeNotes == null) {
      return Optional.empty();
    }
    StringBuilder joined = new StringBuilder();
    for (Noted noted = completeNotes; noted != null; noted = noted.before()) {
      joined.insert(0, joined.isEmpty() ? noted.tag() : noted.tag() + " ");
    }
    return Optional.of(joined.toString());
  }

  /** Follows what takes no key, the preferred way first. */
  private void enter(int from, @Nullable Noted with) {
    int open = 0;
    toVisit[open] = from;
    toVisitNotes[open++] = with;
    while (open > 0) {
      int state = toVisit[--open];
      Noted noted = toVisitNotes[open];
      while (seen[state] != step) {
        seen[state] = step;
        Operation operation = program.operation(state);
        if (operation == Operation.JUMP) {
          state = program.first(state);
        } else if (operation == Operation.SPLIT) {
          toVisit[open] = program.second(state);
          toVisitNotes[open++] = noted;
          state = program.first(state);
        } else if (operation == Operation.TAG) {
          noted = Noted.of(program.tag(state), noted);
          state++;
        } else if (operation == Operation.MATCH) {
          complete = true;
          completeNotes = noted;
        } else if (program.first(state) != 0) {
          nextStates[nextCount] = state;
          nextNotes[nextCount++] = noted;
        }
      }
    }
  }

  private void swap() {
    int[] free = states;
    @Nullable Noted[] freeNotes = notes;
    states = nextStates;
    notes = nextNotes;
    count = nextCount;
    nextStates = free;
    nextNotes = freeNotes;
    nextCount = 0;
    Arrays.fill(nextNotes, null);
  }
}
