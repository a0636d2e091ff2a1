package org.rayo.call;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.protocol.JoinTarget;
import org.rayo.protocol.RayoWriter;
import org.rayo.protocol.StanzaError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;

/**
 * The mixers that calls are joined to: each is made for the first that comes and ended when the
 * last has gone. Not thread safe: lives on the {@link Switchboard}.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-mixers">XEP-0327, mixers</a>
 */
final class Mixers {

  private static final Logger LOG = LoggerFactory.getLogger(Mixers.class);

  /** Of one security zone, so that one client with many calls cannot fill the server. */
  static final int MIXERS_AT_ONCE = 1000;

  private final ActorContext<Switchboard.Message> context;
  private final CallEnvironment environment;
  private final MediaBackend media;
  private final Map<PartyKey, Entry> mixers = new HashMap<>();

  /** A mixer, from when it is wanted. */
  private static final class Entry {
    /** Those who are in it, or are about to be, or to leave. */
    private int parties;

    private final CompletableFuture<Made> made = new CompletableFuture<>();
  }

  private record Made(MediaMixer media, ActorRef<MixerActor.Message> actor) {}

  Mixers(
      ActorContext<Switchboard.Message> context, CallEnvironment environment, MediaBackend media) {
    this.context = context;
    this.environment = environment;
    this.media = media;
  }

  /**
   * One more is to be in it; it is made if it is not there.
   *
   * @return why there can be no such mixer
   */
  Optional<StanzaError> enter(PartyKey key, JoinTarget target) {
    Entry entry = mixers.get(key);
    if (entry == null) {
      if (mixers.keySet().stream().filter(other -> other.zone().equals(key.zone())).count()
          >= MIXERS_AT_ONCE) {
        return Optional.of(
            StanzaError.resourceConstraint(
                "there are " + MIXERS_AT_ONCE + " mixers of yours; no more are allowed"));
      }
      if (!environment.directory().reserveMixer(key)) {
        return Optional.of(
            StanzaError.conflict(key.node() + " is the id of a call: no mixer can be called so"));
      }
      entry = new Entry();
      mixers.put(key, entry);
      make(key, entry, target);
    }
    entry.parties++;
    return Optional.empty();
  }

  private void make(PartyKey key, Entry entry, JoinTarget target) {
    String name = target instanceof JoinTarget.OfMixer mixer ? mixer.name() : key.node();
    context.pipeToSelf(
        media.createMixer(name),
        (mixer, failure) ->
            new Switchboard.Later(
                () -> {
                  if (failure == null) {
                    made(key, entry, mixer);
                  } else {
                    entry.made.completeExceptionally(failure);
                  }
                }));
  }

  private void made(PartyKey key, Entry entry, MediaMixer mixer) {
    Behavior<MixerActor.Message> behavior =
        Behaviors.withMdc(
            MixerActor.Message.class,
            Map.of("mixer", key.node()),
            MixerActor.Message::mdc,
            MixerActor.create(environment, key, mixer, context.getSelf()::tell));
    ActorRef<MixerActor.Message> actor = context.spawnAnonymous(behavior);
    environment.directory().addMixer(key, actor);
    LOG.info("mixer {} made", key.node());
    entry.made.complete(new Made(mixer, actor));
  }

  /**
   * Asks the mixer to let somebody in; its controlling party is told first that the mixer is there.
   */
  CompletionStage<MediaMixer> ask(PartyKey key, JID controller) {
    Entry entry = mixers.get(key);
    if (entry == null) {
      return CompletableFuture.failedStage(
          new MediaException(MediaException.Fault.GONE, "the mixer " + key.node() + " is gone"));
    }
    return entry.made.thenCompose(
        made -> {
          CompletableFuture<MediaMixer> answer = new CompletableFuture<>();
          made.actor().tell(new MixerActor.JoinAsked(controller, answer));
          return answer;
        });
  }

  /** One is not in it any more, or was not let in. */
  void leave(PartyKey key) {
    Optional.ofNullable(mixers.get(key))
        .ifPresent(
            entry -> {
              entry.parties--;
              if (entry.parties == 0) {
                end(key, entry);
              }
            });
  }

  private void end(PartyKey key, Entry entry) {
    mixers.remove(key);
    if (!entry.made.isDone() || entry.made.isCompletedExceptionally()) {
      environment.directory().settledMixer(key);
      return;
    }
    Made made = entry.made.join();
    // From here on nobody finds it; what was sent to it before is in its mailbox.
    environment.directory().removeMixer(key);
    LOG.info("mixer {}: the last has left", key.node());
    made.media()
        .close()
        .whenComplete(
            (closed, failure) -> {
              if (failure != null) {
                LOG.warn("mixer {} could not be closed", key.node(), failure);
              }
            });
    made.actor().tell(new MixerActor.Abandoned());
  }

  /** Its components are complete: it is gone, unless there is a new one in its place. */
  void finished(Switchboard.MixerFinished finished) {
    PartyKey key = finished.mixer();
    Entry next = mixers.get(key);
    if (next == null) {
      tellGone(finished);
    } else {
      CompletionStage<Made> unused =
          next.made.whenComplete(
              (made, failure) -> {
                if (failure == null) {
                  made.actor().tell(new MixerActor.Inherited(finished.known()));
                } else {
                  tellGone(finished);
                }
              });
    }
    environment.directory().settledMixer(key);
  }

  private void tellGone(Switchboard.MixerFinished finished) {
    JID address = new JID(finished.mixer().node(), environment.domain(), null, true);
    for (JID client : finished.known()) {
      environment.stream().send(RayoWriter.unavailable(address, client, environment.now()));
    }
  }
}
