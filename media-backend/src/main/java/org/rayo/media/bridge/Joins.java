package org.rayo.media.bridge;

import java.util.HashMap;
import java.util.Map;
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
   *     is over, {@link Fault#UNSUPPORTED} for {@link JoinRequest.Media#DIRECT}
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
      if (asking.over || other.over) {
        throw new MediaException(
            Fault.GONE, "join: " + (asking.over ? asking : other) + " is over");
      }
      Link known = asking.links.get(other);
      Link link = known == null ? maker.make() : known;
      CompletionStage<Void> done = link.set(asking, request);
      asking.links.put(other, link);
      other.links.put(asking, link);
      return done;
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
          "join: audio goes through this server; it cannot be sent past it (media direct)");
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
