package org.rayo.media.freeswitch.capture;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaException;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.sip.AudioCall;

/**
 * One fork of one side, from its asking to its end. Belongs to the media thread.
 *
 * <p>Two things come in any order: that FreeSWITCH has forked, or not, and that its call came in.
 */
final class Leg implements Reception.Awaiting {

  /** Hears of it, on the media thread. */
  interface Owner extends FrameTap {
    /** It is over, asked for or not; what it brought has been given to the tap. */
    void over(Leg leg, String why);
  }

  private final Reception reception;
  private final Forks forks;
  private final Owner owner;
  private final String token;
  private Optional<AudioCall> call = Optional.empty();
  private Optional<ReceivedAudio> audio = Optional.empty();
  private boolean over;

  /**
   * Asks for it.
   *
   * @throws MediaException when no call can come in
   */
  Leg(Side side, MediaThread thread, Reception reception, Forks forks, Owner owner)
      throws MediaException {
    this.reception = reception;
    this.forks = forks;
    this.owner = owner;
    token = reception.expect(thread, this);
    CompletionStage<Void> unused =
        forks
            .fork(side, token)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    thread.execute(() -> notForked(why(failure)));
                  }
                });
  }

  /** What went wrong, without what it came wrapped in. */
  private static String why(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return String.valueOf(cause.getMessage());
  }

  /** Whether its audio comes in. */
  boolean isUp() {
    return audio.isPresent();
  }

  /** Its audio, while it is up. */
  ReceivedAudio audio() {
    return audio.orElseThrow();
  }

  @Override
  public void up(AudioCall newCall, ReceivedAudio newAudio) {
    if (over) {
      hangUp(newCall);
      return;
    }
    call = Optional.of(newCall);
    audio = Optional.of(newAudio);
    newAudio.attach(owner);
  }

  @Override
  public void over() {
    ended(call.isPresent() ? "FreeSWITCH ended it" : "its call was not completed");
  }

  /** It is not needed any more. The owner hears nothing of it from now on. */
  void end() {
    if (!over) {
      audio.ifPresent(now -> now.detach(owner));
      close();
      forks.end(token);
      call.ifPresent(Leg::hangUp);
    }
  }

  /** Whatever FreeSWITCH says of it, or does not: a call that has come in is the fork. */
  private void notForked(String why) {
    if (call.isEmpty()) {
      ended(why);
    }
  }

  private void ended(String why) {
    if (!over) {
      close();
      owner.over(this, why);
    }
  }

  private void close() {
    over = true;
    audio = Optional.empty();
    reception.forget(token);
  }

  private static void hangUp(AudioCall call) {
    CompletionStage<Void> unused = call.hangup(List.of());
  }

  @Override
  public String toString() {
    return "fork " + token.substring(0, 6);
  }
}
