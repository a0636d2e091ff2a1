package org.rayo.media.freeswitch.eventsocket;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;

/**
 * What is said on one line to FreeSWITCH from its greeting on: the password, the subscriptions,
 * then commands and events, until the line ends. Loop's thread only.
 */
final class Conversation implements Line.Owner {

  /** Whose conversation it is. */
  interface Owner {
    /** The subscriptions are set. */
    void isUp(Conversation current);

    void event(SwitchEvent event);

    /**
     * It is over.
     *
     * @param forAPerson whether it was refused for a reason that time does not mend
     */
    void ended(Conversation over, String why, boolean forAPerson);
  }

  /** Answered at once by the event socket itself; changes nothing, as we never ask for the log. */
  private static final String PROBE = "nolog";

  private enum Stage {
    AWAITING_GREETING,
    AUTHENTICATING,
    SUBSCRIBED
  }

  private final Line line;
  private final Address address;
  private final ConnectionSettings settings;
  private final Subscriptions subscriptions;
  private final Owner owner;
  private final Dialogue dialogue;
  private Stage stage = Stage.AWAITING_GREETING;
  private boolean forAPerson;

  Conversation(
      Line line,
      Address address,
      ConnectionSettings settings,
      Subscriptions subscriptions,
      Owner owner) {
    this.line = line;
    this.address = address;
    this.settings = settings;
    this.subscriptions = subscriptions;
    this.owner = owner;
    this.dialogue = new Dialogue(line, settings.commandTimeout());
  }

  @Override
  public void connected() {
    // FreeSWITCH speaks first.
  }

  @Override
  public void frame(Frame frame) {
    switch (frame.contentType()) {
      case "text/event-plain" -> owner.event(frame.event());
      case "command/reply", "api/response" -> {
        if (!dialogue.reply(frame)) {
          line.end("a reply that nothing was asked for: " + frame.contentType());
        }
      }
      case "auth/request" -> authenticate();
      case "text/disconnect-notice" -> line.end("FreeSWITCH says: " + firstLine(frame));
      case "text/rude-rejection" ->
          refuse("its access list (apply-inbound-acl) refuses us: " + firstLine(frame));
      default -> {
        if (stage == Stage.AWAITING_GREETING) {
          line.end("this is no event socket: it greets with " + frame.contentType());
        }
      }
    }
  }

  private static String firstLine(Frame frame) {
    return frame.bodyText().lines().findFirst().orElse("").strip();
  }

  private void authenticate() {
    if (stage != Stage.AWAITING_GREETING) {
      line.end("it asks for the password again");
      return;
    }
    stage = Stage.AUTHENTICATING;
    setUp(
        "auth " + address.password(),
        this::subscribe,
        why -> refuse("it does not accept the password: " + why));
  }

  private void subscribe() {
    stage = Stage.SUBSCRIBED;
    subscriptions.filterCommands().forEach(this::subscribe);
    subscribe(subscriptions.eventCommand(), () -> owner.isUp(this));
  }

  private void subscribe(String command) {
    subscribe(command, () -> {});
  }

  private void subscribe(String command, Runnable then) {
    setUp(command, then, why -> refuse("it refuses '" + command + "': " + why));
  }

  /** Sends a command without which nothing else makes sense: it is done or the line ends. */
  private void setUp(String command, Runnable then, Consumer<String> otherwise) {
    dialogue.send(
        command,
        new Answer() {
          @Override
          public void arrived(Reply reply) {
            if (reply.ok()) {
              then.run();
            } else {
              otherwise.accept(reply.text());
            }
          }

          @Override
          public void failed(EventSocketException why) {
            line.end(String.valueOf(why.getMessage()));
          }
        });
  }

  private void refuse(String why) {
    forAPerson = true;
    line.end(why);
  }

  /** A filter has come or gone; before the subscriptions are set, it is among them. */
  void subscriptionChanged(String command) {
    if (stage == Stage.SUBSCRIBED) {
      subscribe(command);
    }
  }

  void send(String command, Answer answer) {
    dialogue.send(command, answer);
  }

  boolean isFull() {
    return dialogue.isFull();
  }

  /** Ends the line when FreeSWITCH has been silent for too long; asks it for a sign before. */
  void checkPulse(long now) {
    long silent = now - line.lastReceivedNanos();
    long heartbeat = settings.heartbeat().toNanos();
    if (silent > heartbeat) {
      line.end("nothing was heard of it for " + settings.heartbeat().toMillis() + " ms");
    } else if (dialogue.isOverdue(now, heartbeat)) {
      line.end("it does not reply to commands");
    } else if (silent > heartbeat / 2 && dialogue.isIdle()) {
      dialogue.send(PROBE, Answer.to(new CompletableFuture<>()));
    }
  }

  void expire(long now) {
    dialogue.expire(now);
  }

  void end(String why) {
    line.end(why);
  }

  void fail(Kind kind, String why) {
    dialogue.fail(kind, why);
  }

  @Override
  public void ended(String why) {
    owner.ended(this, why, forAPerson);
  }
}
