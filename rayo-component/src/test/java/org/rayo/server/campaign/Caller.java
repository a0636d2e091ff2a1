package org.rayo.server.campaign;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;

/**
 * Calls again and again, and has each call recorded, whatever happens meanwhile. Everything but
 * when it happens comes from the random numbers.
 */
final class Caller implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SLICE = Duration.ofMillis(200);
  private static final int SHORTEST_MILLIS = 200;
  private static final int LONGEST_MILLIS = 3000;

  /** How a recording is meant to end. */
  private enum Ending {
    STOP,
    HANGUP,
    MAX_DURATION,
    PAUSE_AND_STOP,
    /** When the round does. */
    LATE
  }

  private static final List<Ending> ENDINGS = List.of(Ending.values());

  private final Round round;
  private final String name;
  private final RayoClient client;
  private final Random random;
  private int calls;

  Caller(Round round, String name, RayoClient client, Random random) {
    this.round = round;
    this.name = name;
    this.client = client;
    this.random = random;
  }

  /**
   * Calls until the round has enough recordings.
   *
   * @return how many calls that took
   */
  @Override
  public Integer call() throws Exception {
    while (round.takesOne()) {
      if (!record()) {
        round.givesOneBack();
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    return calls;
  }

  /** Whether it came to a recording that was acknowledged. */
  private boolean record() throws Exception {
    String user = name + "-" + calls++;
    int millis = SHORTEST_MILLIS + random.nextInt(LONGEST_MILLIS - SHORTEST_MILLIS);
    Ending ending = ENDINGS.get(random.nextInt(ENDINGS.size()));
    String format = random.nextInt(3) > 0 ? "wav" : "mp3";
    int generation = round.site().generation();
    Optional<String> sip = round.site().sipUri();
    if (sip.isEmpty()) {
      return false;
    }
    PhoneCall call =
        round.phone().call(CallOptions.to(sip.get()).from(user).audio(TimeCode.source()).build());
    Optional<String> address = answered(call, user, generation);
    if (address.isEmpty()) {
      call.hangup();
      return false;
    }
    long longest = ending == Ending.MAX_DURATION ? millis : Long.MAX_VALUE;
    String limit = ending == Ending.MAX_DURATION ? " max-duration='" + millis + "'" : "";
    Optional<String> sent =
        send(
            address.get(),
            "<record xmlns='urn:xmpp:rayo:record:1' direction='send' start-beep='false' format='%s'%s/>"
                .formatted(format, limit));
    if (sent.isEmpty()) {
      call.hangup();
      return false;
    }
    Take take = new Take(client, call, address.get(), sent.get(), longest);
    round.add(take);
    if (await(s -> s.answers(sent.get()), generation).filter(Received::isResult).isEmpty()) {
      call.hangup();
      return false;
    }
    take.begun();
    TimeUnit.MILLISECONDS.sleep(millis);
    end(take, ending, generation);
    return true;
  }

  /** The address of the call, once it is up. */
  private Optional<String> answered(PhoneCall call, String user, int generation)
      throws InterruptedException {
    Optional<String> address =
        await(s -> s.isEvent("offer") && s.xml().contains(":" + user + "@"), generation)
            .map(Received::from);
    if (address.flatMap(a -> send(a, "<answer xmlns='urn:xmpp:rayo:1'/>")).isEmpty()) {
      return Optional.empty();
    }
    try {
      call.answered().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return address;
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  private void end(Take take, Ending ending, int generation) {
    if (ending == Ending.LATE) {
      return;
    }
    if (ending != Ending.MAX_DURATION) {
      take.ending();
    }
    switch (ending) {
      case STOP -> stop(take);
      case PAUSE_AND_STOP -> {
        take.component().ifPresent(c -> send(c, "<pause xmlns='urn:xmpp:rayo:record:1'/>"));
        stop(take);
      }
      case HANGUP, MAX_DURATION, LATE -> {}
    }
    if (ending == Ending.HANGUP) {
      take.call.hangup();
    }
    take.component()
        .ifPresent(c -> await(s -> s.isEvent("complete") && s.from().equals(c), generation));
    take.ending();
    take.call.hangup();
  }

  private void stop(Take take) {
    take.component().ifPresent(c -> send(c, "<stop xmlns='urn:xmpp:rayo:ext:1'/>"));
  }

  /** Ends what still runs of a take, whatever became of it. */
  static void endNow(Take take) {
    take.ending();
    take.call.hangup();
  }

  /** Nobody waits for the answer: there may be no server. */
  private Optional<String> send(String to, String command) {
    try {
      return Optional.of(client.sendCommand(to, command));
    } catch (IllegalStateException notConnected) {
      return Optional.empty();
    }
  }

  /** Waits as long as it makes sense: a server that was killed says nothing more. */
  private Optional<Received> await(Predicate<Received> wanted, int generation) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<Received> found = client.await(wanted, SLICE);
    while (found.isEmpty()
        && System.nanoTime() < deadline
        && round.site().generation() == generation) {
      found = client.await(wanted, SLICE);
    }
    return found;
  }
}
