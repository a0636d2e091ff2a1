package org.rayo.media.freeswitch.eventsocket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;

/**
 * The commands that have gone out on one line and wait for their replies, which come in the same
 * order. The reply of a command that has timed out is still waited for, so that it is not taken for
 * the next one's. Loop's thread only.
 */
final class Dialogue {

  /** Commands that may wait for their replies. */
  static final int WAITING_LIMIT = 10_000;

  private final Line line;
  private final long timeoutNanos;
  private final ArrayDeque<Sent> waiting = new ArrayDeque<>();

  /** A command that waits for its reply; what of it may be told. */
  private static final class Sent {
    private final String name;
    private final boolean api;
    private final long at = System.nanoTime();
    private final Answer answer;
    private boolean expired;

    Sent(String name, boolean api, Answer answer) {
      this.name = name;
      this.api = api;
      this.answer = answer;
    }
  }

  /** On a line that is connected. */
  Dialogue(Line line, Duration timeout) {
    this.line = line;
    this.timeoutNanos = timeout.toNanos();
  }

  /**
   * Sends a command.
   *
   * @param command its lines; the first word is its name, which messages tell
   * @param answer told the reply, or why there is none: {@code TIMEOUT}, {@code BUSY}
   */
  void send(String command, Answer answer) {
    String name = name(command);
    if (!line.send(command)) {
      answer.failed(
          new EventSocketException(
              Kind.BUSY, name + " was not sent: " + waiting.size() + " commands wait for replies"));
      return;
    }
    waiting.add(new Sent(name, command.startsWith("api "), answer));
  }

  /** The command; with api commands, that one's name too. No arguments: they may be secrets. */
  private static String name(String command) {
    int first = command.indexOf(' ');
    if (first < 0) {
      return command;
    }
    boolean api = command.startsWith("api ") || command.startsWith("bgapi ");
    int end = api ? command.indexOf(' ', first + 1) : first;
    int lineEnd = command.indexOf('\n');
    end = end < 0 ? command.length() : end;
    return command.substring(0, lineEnd < 0 ? end : Math.min(end, lineEnd));
  }

  /**
   * Takes the next reply.
   *
   * @return whether it can be that of the command whose turn it is
   */
  boolean reply(Frame frame) {
    Sent command = waiting.peek();
    if (command == null || (!command.api && frame.contentType().equals("api/response"))) {
      return false;
    }
    waiting.poll();
    if (!command.expired) {
      command.answer.arrived(frame.reply());
    }
    return true;
  }

  /** Fails what waits for longer than it may. */
  void expire(long now) {
    List<Sent> late = new ArrayList<>();
    for (Sent command : waiting) {
      if (now - command.at < timeoutNanos) {
        break;
      }
      if (!command.expired) {
        command.expired = true;
        late.add(command);
      }
    }
    // Whoever is told may end the line, and so change what waits.
    for (Sent command : late) {
      command.answer.failed(
          new EventSocketException(
              Kind.TIMEOUT,
              "no reply to " + command.name + " within " + timeoutNanos / 1_000_000 + " ms"));
    }
  }

  /** Whether the oldest command has waited for longer than it may by this much. */
  boolean isOverdue(long now, long byNanos) {
    Sent oldest = waiting.peek();
    return oldest != null && now - oldest.at > timeoutNanos + byNanos;
  }

  /** Whether so many wait that no more should be sent. */
  boolean isFull() {
    return waiting.size() >= WAITING_LIMIT;
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }

  /** Fails everything that waits. */
  void fail(Kind kind, String why) {
    for (Sent command = waiting.poll(); command != null; command = waiting.poll()) {
      if (!command.expired) {
        command.answer.failed(
            new EventSocketException(kind, command.name + " has no reply: " + why));
      }
    }
  }
}
