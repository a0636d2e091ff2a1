package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.MediaMixer;

/**
 * Who is joined to whom. FreeSWITCH bridges a call to one other call, or puts it into one
 * conference: a second join is refused. Thread safe.
 */
final class Bridges {

  /** FreeSWITCH does it at once, or it does not do it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Where the other leg of a bridge goes when this one has gone: it waits. */
  private static final Map<String, String> STAYS =
      Map.of("park_after_bridge", "true", "hangup_after_bridge", "false");

  private static final String ENDS =
      "FreeSWITCH plays one thing at a time, and the call was joined";

  private final ScheduledExecutorService timers;
  private final Map<FreeSwitchCall, Link> links = new HashMap<>();

  Bridges(ScheduledExecutorService timers) {
    this.timers = timers;
  }

  /** What a call is joined to, and what is awaited of that. */
  private static final class Link {
    private final Optional<FreeSwitchCall> other;
    private final Optional<FreeSwitchMixer> mixer;
    private final CompletableFuture<Void> made = new CompletableFuture<>();
    private final CompletableFuture<Void> parked = new CompletableFuture<>();
    private volatile boolean parting;

    Link(Optional<FreeSwitchCall> other, Optional<FreeSwitchMixer> mixer) {
      this.other = other;
      this.mixer = mixer;
    }
  }

  CompletionStage<Void> join(FreeSwitchCall call, MediaCall to, JoinRequest request) {
    if (!(to instanceof FreeSwitchCall other)) {
      return Stages.failed(Fault.UNSUPPORTED, "join: not a call of this backend");
    }
    if (other == call) {
      return Stages.failed(Fault.REFUSED, "join: a call cannot be joined to itself");
    }
    if (request.direction() != JoinRequest.Direction.DUPLEX) {
      return Stages.failed(
          Fault.UNSUPPORTED, "join: FreeSWITCH bridges two calls both ways; use a mixer");
    }
    Optional<MediaException> refusal = refusal(call.channel(), other.channel(), request);
    if (refusal.isPresent()) {
      return CompletableFuture.failedStage(refusal.get());
    }
    return Stages.asked(
        call.queue(),
        () -> {
          if (!claim(call, other)) {
            return Stages.done();
          }
          return call.phase()
              .audible("join")
              .thenCompose(now -> audible(other))
              .thenCompose(now -> bridge(call, other))
              .whenComplete(
                  (joined, failure) -> {
                    if (failure != null) {
                      forget(call, other);
                    }
                  });
        });
  }

  private static Optional<MediaException> refusal(Channel one, Channel other, JoinRequest request) {
    if (request.media() != JoinRequest.Media.BRIDGE) {
      return Optional.of(
          new MediaException(
              Fault.UNSUPPORTED, "join: with FreeSWITCH the audio goes through it (bridge)"));
    }
    return one.server() == other.server()
        ? Optional.empty()
        : Optional.of(
            new MediaException(
                Fault.UNSUPPORTED,
                "join: one call is at "
                    + one.server().name()
                    + ", the other at "
                    + other.server().name()));
  }

  private static CompletionStage<Void> audible(FreeSwitchCall call) {
    return Stages.asked(call.queue(), () -> call.phase().audible("join"));
  }

  /** False when they are joined already. */
  private synchronized boolean claim(FreeSwitchCall call, FreeSwitchCall other)
      throws MediaException {
    Link now = links.get(call);
    if (now != null && now.other.filter(other::equals).isPresent()) {
      return false;
    }
    if (other.phase() instanceof Phase.Over) {
      throw other.phase().refusal("join");
    }
    if (now != null || links.containsKey(other)) {
      throw new MediaException(
          Fault.CONFLICT, "join: FreeSWITCH joins a call to one other, or to one mixer");
    }
    links.put(call, new Link(Optional.of(other), Optional.empty()));
    links.put(other, new Link(Optional.of(call), Optional.empty()));
    return true;
  }

  private CompletionStage<Void> bridge(FreeSwitchCall call, FreeSwitchCall other) {
    Optional<Link> link = link(call);
    if (link.isEmpty()) {
      return Stages.failed(Fault.GONE, "join: the call is over");
    }
    return silence(call)
        .thenCompose(silent -> silence(other))
        .thenCompose(silent -> call.channel().set(STAYS))
        .thenCompose(set -> other.channel().set(STAYS))
        .thenCompose(set -> bridge(call, other, link.get()));
  }

  private CompletionStage<Void> bridge(FreeSwitchCall call, FreeSwitchCall other, Link link) {
    if (link.parting || link.made.isCompletedExceptionally()) {
      return Stages.failed(Fault.GONE, "join: the calls were parted, or are over, meanwhile");
    }
    return call.channel()
        .bridge(other.channel())
        .thenCompose(asked -> within(link.made, "uuid_bridge"))
        .whenComplete(
            (made, failure) -> {
              if (failure != null) {
                // It may come to be after all.
                Stages.ignore(() -> call.channel().parkBoth());
              }
            });
  }

  /** What plays to a call that is to be moved makes way. */
  private static CompletionStage<Void> silence(FreeSwitchCall call) {
    return Stages.asked(
        call.queue(),
        () -> {
          boolean playing = call.playbacks().isPlaying();
          call.playbacks().interrupted(ENDS);
          return playing
              ? call.channel().breakOff().exceptionally(notPlaying -> null)
              : Stages.done();
        });
  }

  CompletionStage<Void> unjoin(FreeSwitchCall call, MediaCall from) {
    Optional<Link> link = link(call);
    if (!(from instanceof FreeSwitchCall other)
        || link.isEmpty()
        || link.get().other.filter(other::equals).isEmpty()) {
      return Stages.done();
    }
    Optional<Link> otherLink = link(other);
    link.get().parting = true;
    otherLink.ifPresent(its -> its.parting = true);
    boolean made = link.get().made.isDone();
    if (!made) {
      MediaException parted =
          new MediaException(Fault.GONE, "join: the calls were parted meanwhile");
      link.get().made.completeExceptionally(parted);
      otherLink.ifPresent(its -> its.made.completeExceptionally(parted));
    }
    CompletableFuture<Void> answer = new CompletableFuture<>();
    Stages.pass(
        call.channel()
            .parkBoth()
            .thenCompose(
                asked ->
                    made ? parked(link.get(), otherLink) : CompletableFuture.completedStage(null))
            .whenComplete((parted, failure) -> forget(call, other)),
        answer);
    return answer.minimalCompletionStage();
  }

  private CompletionStage<Void> parked(Link link, Optional<Link> other) {
    return within(link.parked, "uuid_transfer")
        .thenCompose(
            parked ->
                other.map(its -> within(its.parked, "uuid_transfer")).orElseGet(Stages::done));
  }

  CompletionStage<Void> join(FreeSwitchCall call, MediaMixer to, JoinRequest request) {
    if (!(to instanceof FreeSwitchMixer mixer)) {
      return Stages.failed(Fault.UNSUPPORTED, "join: not a mixer of this backend");
    }
    return Stages.asked(
        call.queue(),
        () -> {
          if (request.media() != JoinRequest.Media.BRIDGE) {
            throw new MediaException(Fault.UNSUPPORTED, "join: a mixer mixes what comes to it");
          }
          if (!claim(call, mixer)) {
            return mixer.change(call, request);
          }
          return call.phase()
              .audible("join")
              .thenCompose(now -> silence(call))
              .thenCompose(silent -> mixer.enter(call, request))
              .whenComplete(
                  (joined, failure) -> {
                    if (failure != null) {
                      forget(call, mixer);
                    }
                  });
        });
  }

  /** False when it is in it already. */
  private synchronized boolean claim(FreeSwitchCall call, FreeSwitchMixer mixer)
      throws MediaException {
    Link now = links.get(call);
    if (now != null && now.mixer.filter(mixer::equals).isPresent()) {
      return false;
    }
    if (now != null) {
      throw new MediaException(
          Fault.CONFLICT, "join: FreeSWITCH joins a call to one other, or to one mixer");
    }
    links.put(call, new Link(Optional.empty(), Optional.of(mixer)));
    return true;
  }

  CompletionStage<Void> unjoin(FreeSwitchCall call, MediaMixer from) {
    Optional<FreeSwitchMixer> mixer = link(call).flatMap(link -> link.mixer);
    if (mixer.isEmpty() || mixer.get() != from) {
      return Stages.done();
    }
    CompletableFuture<Void> answer = new CompletableFuture<>();
    Stages.pass(
        silence(call)
            .thenCompose(silent -> mixer.get().leave(call))
            .whenComplete((left, failure) -> forget(call, mixer.get())),
        answer);
    return answer.minimalCompletionStage();
  }

  /** What is awaited of FreeSWITCH, for no longer than it may take. */
  CompletionStage<Void> within(CompletableFuture<Void> awaited, String what) {
    try {
      Future<?> unused =
          timers.schedule(
              () ->
                  awaited.completeExceptionally(
                      new MediaException(
                          Fault.FAILED, what + ": FreeSWITCH has not done it in time")),
              PATIENCE.toMillis(),
              TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      awaited.completeExceptionally(
          new MediaException(Fault.GONE, what + ": the backend is closed"));
    }
    return awaited;
  }

  // What FreeSWITCH tells, on a call's queue.

  void bridged(FreeSwitchCall call) {
    link(call)
        .ifPresent(
            link -> {
              link.made.complete(null);
              link.other.flatMap(this::link).ifPresent(its -> its.made.complete(null));
            });
  }

  void parked(FreeSwitchCall call) {
    link(call).filter(link -> link.parting).ifPresent(link -> link.parked.complete(null));
  }

  /** A key was pressed: those of its mixer are told. */
  void key(FreeSwitchCall call, DtmfEvent key) {
    link(call).flatMap(link -> link.mixer).ifPresent(mixer -> mixer.key(key));
  }

  /** A call is over: whoever was joined to it is joined to nobody. */
  void over(FreeSwitchCall call) {
    Optional<Link> link = link(call);
    link.ifPresent(
        its -> {
          its.made.completeExceptionally(new MediaException(Fault.GONE, "join: the call is over"));
          its.parked.complete(null);
          its.mixer.ifPresent(mixer -> mixer.over(call));
          its.other.ifPresent(
              other -> {
                link(other)
                    .ifPresent(
                        theirs -> {
                          theirs.made.completeExceptionally(
                              new MediaException(Fault.GONE, "join: the other call is over"));
                          theirs.parked.complete(null);
                        });
                forget(call, other);
              });
          forget(call);
        });
  }

  /** A mixer has been closed: who was in it is joined to nobody. */
  synchronized void closed(FreeSwitchMixer mixer) {
    links.values().removeIf(link -> link.mixer.filter(mixer::equals).isPresent());
  }

  private synchronized Optional<Link> link(FreeSwitchCall call) {
    return Optional.ofNullable(links.get(call));
  }

  private synchronized void forget(FreeSwitchCall call, FreeSwitchCall other) {
    forgetLink(call, other);
    forgetLink(other, call);
  }

  private synchronized void forget(FreeSwitchCall call, FreeSwitchMixer mixer) {
    Link link = links.get(call);
    if (link != null && link.mixer.filter(mixer::equals).isPresent()) {
      links.remove(call);
    }
  }

  /** Calls that are joined to something, or about to be. */
  synchronized int count() {
    return links.size();
  }

  private void forgetLink(FreeSwitchCall call, FreeSwitchCall other) {
    Link link = links.get(call);
    if (link != null && link.other.filter(other::equals).isPresent()) {
      links.remove(call);
    }
  }

  private synchronized void forget(FreeSwitchCall call) {
    links.remove(call);
  }
}
