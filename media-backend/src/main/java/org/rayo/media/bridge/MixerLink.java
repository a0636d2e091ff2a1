package org.rayo.media.bridge;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.audio.CallAudio;

/** A call in a mixer: joined to a seat there, under a name that nobody else in it has. */
final class MixerLink implements Joins.Link {

  private final Mixer mixer;
  private final Seat seat;
  private final CallLink paths;
  private Optional<String> participant = Optional.empty();

  MixerLink(Joins.Party call, CallAudio audio, Mixer mixer, String participant) {
    this.mixer = mixer;
    seat = new Seat(mixer, participant);
    paths = new CallLink(call, audio, seat, mixer::pressed);
  }

  @Override
  public CompletionStage<Void> set(Joins.Party asking, JoinRequest request) throws MediaException {
    String wanted = request.participant();
    if (!participant.equals(Optional.of(wanted))) {
      if (!mixer.participants().add(wanted)) {
        throw new MediaException(
            Fault.REFUSED, "join: another participant of " + mixer + " is called " + wanted);
      }
      participant.ifPresent(mixer.participants()::remove);
      participant = Optional.of(wanted);
      seat.execute(() -> seat.rename(wanted));
    }
    return paths.set(asking, request);
  }

  @Override
  public CompletionStage<Void> cut() {
    participant.ifPresent(mixer.participants()::remove);
    return paths.cut();
  }
}
