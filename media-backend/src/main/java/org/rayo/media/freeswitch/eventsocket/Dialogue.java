package org.rayo.media.freeswitch.eventsocket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
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

  /** A command; what of it may be told. */
  private record Sent(String name, boolean api, long at, CompletableFuture<Reply> reply) {}

  /** On a line that is connected. */
  Dialogue(Line line, Duration timeout) {
    this.line = line;
    this.timeoutNanos = timeout.toNanos();
  }

  /**
   * Sends a command.
   *
   * @param command its lines; the first word is its name, which messages tell
   * @param reply completed by its reply, or fails: {@code TIMEOUT}, {@code BUSY}
   */
  void send(String command, CompletableFuture<Reply> reply) {
    String name = name(command);
    if (!line.send(command)) {
      reply.completeExceptionally(
          new EventSocketException(
              Kind.BUSY, name + " was not sent: " + waiting.size() + " commands wait for replies"));
      return;
    }
    waiting.add(new Sent(name, command.startsWith("api "), System.nanoTime(), reply));
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
    command.reply.complete(frame.reply());
    return true;
  }

  /** Fails what waits for longer than it may. */
  void expire(long now) {
    for (Sent command : waiting) {
      if (now - command.at < timeoutNanos) {
        return;
      }
      if (!command.reply.isDone()) {
        command.reply.completeExceptionally(
            new EventSocketException(
                Kind.TIMEOUT,
                "no reply to "
                    + command.name
                    + " within "
                    + Duration.ofNanos(timeoutNanos).toMillis()
                    + " ms"));
      }
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
      command.reply.completeExceptionally(
          new EventSocketException(kind, command.name + " has no reply: " + why));
    }
  }
}
