package org.rayo.media.bridge;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.audio.CallAudio;

/**
 * Who is joined to whom, of one backend. Two parties have one join at most; asking again changes
 * it. Thread safe; no method waits for a media thread.
 */
public final class Joins {

  /** A call or a mixer, as far as joins are concerned. Equal to itself only. */
  public static final class Party {
    private final String name;
    // Guarded by the lock of the joins.
    private final Map<Party, Link> links = new HashMap<>();
    private boolean direct;
    private boolean over;

    /**
     * @param name for messages
     */
    public Party(String name) {
      this.name = name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** What connects two parties. Its methods are called under the lock, and wait for nothing. */
  interface Link {
    /**
     * Makes it so, from the next frame on.
     *
     * @param asking which of the two parties the request is of
     * @return completes when it is so
     */
    CompletionStage<Void> set(Party asking, JoinRequest request) throws MediaException;

    /** They hear each other no more. */
    CompletionStage<Void> cut();
  }

  @FunctionalInterface
  interface LinkMaker {
    Link make();
  }

  private final Object lock = new Object();

  /**
   * Joins two calls, or changes their join.
   *
   * @return completes when it is so
   * @throws MediaException {@link Fault#REFUSED} for a call and itself, {@link Fault#GONE} when one
   *     is over, {@link Fault#UNSUPPORTED} for {@link JoinRequest.Media#DIRECT}, {@link
   *     Fault#CONFLICT} while the audio of one goes past us
   */
  public CompletionStage<Void> join(
      Party asking, CallAudio audio, Party other, CallAudio otherAudio, JoinRequest request)
      throws MediaException {
    return join(asking, other, request, () -> new CallLink(asking, audio, otherAudio, KeyEar.DEAF));
  }

  /**
   * Joins a call to a mixer, or changes its join.
   *
   * @return completes when it is so
   * @throws MediaException as for two calls, and {@link Fault#REFUSED} when another participant is
   *     called the same
   */
  public CompletionStage<Void> join(Party asking, CallAudio audio, Mixer mixer, JoinRequest request)
      throws MediaException {
    return join(
        asking,
        mixer.party(),
        request,
        () -> new MixerLink(asking, audio, mixer, request.participant()));
  }

  private CompletionStage<Void> join(
      Party asking, Party other, JoinRequest request, LinkMaker maker) throws MediaException {
    check(asking, other, request);
    synchronized (lock) {
      requireHere(asking);
      requireHere(other);
      Link known = asking.links.get(other);
      Link link = known == null ? maker.make() : known;
      CompletionStage<Void> done = link.set(asking, request);
      asking.links.put(other, link);
      other.links.put(asking, link);
      return done;
    }
  }

  /**
   * From now on the audio of the two goes past us: they get no join here. One that they have with
   * each other stays.
   *
   * @throws MediaException {@link Fault#CONFLICT} when one is joined to somebody else, {@link
   *     Fault#GONE} when one is over
   */
  public void beginDirect(Party one, Party other) throws MediaException {
    synchronized (lock) {
      for (Party party : List.of(one, other)) {
        requireHere(party);
        if (!Set.of(one, other).containsAll(party.links.keySet())) {
          throw new MediaException(
              Fault.CONFLICT,
              "join: " + party + " has another join, which audio past this server would end");
        }
      }
      one.direct = true;
      other.direct = true;
    }
  }

  /** Their audio comes here again, or is about to. */
  public void endDirect(Party one, Party other) {
    synchronized (lock) {
      one.direct = false;
      other.direct = false;
    }
  }

  /** Whether the party's audio goes past us. */
  public boolean isDirect(Party party) {
    synchronized (lock) {
      return party.direct;
    }
  }

  /**
   * Checks that the party is there, and its audio comes here.
   *
   * @throws MediaException {@link Fault#CONFLICT} or {@link Fault#GONE}
   */
  public void requireHere(Party party) throws MediaException {
    synchronized (lock) {
      if (party.over) {
        throw new MediaException(Fault.GONE, "join: " + party + " is over");
      }
      if (party.direct) {
        throw new MediaException(
            Fault.CONFLICT,
            "join: "
                + party
                + " is joined with media direct, which another join would end: unjoin it first");
      }
    }
  }

  /** Checks what can be known before there is media. */
  public static void check(Party asking, Party other, JoinRequest request) throws MediaException {
    if (asking == other) {
      throw new MediaException(Fault.REFUSED, "join: a call cannot be joined to itself");
    }
    if (request.media() == JoinRequest.Media.DIRECT) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "join: a mixer's audio goes through this server; it cannot be sent past it (media direct)");
    }
  }

  /** Ends the join of two parties, if there is one. Completes when it is so. */
  public CompletionStage<Void> unjoin(Party one, Party other) {
    synchronized (lock) {
      Link link = one.links.remove(other);
      other.links.remove(one);
      return link == null ? CompletableFuture.completedStage(null) : link.cut();
    }
  }

  /** The party is over: its joins end, and it gets no more. */
  public void ended(Party party) {
    synchronized (lock) {
      party.over = true;
      party.links.forEach(
          (other, link) -> {
            other.links.remove(party);
            CompletionStage<Void> unused = link.cut();
          });
      party.links.clear();
    }
  }

  /** How many it is joined to; for logs. */
  public int count(Party party) {
    synchronized (lock) {
      return party.links.size();
    }
  }
}
