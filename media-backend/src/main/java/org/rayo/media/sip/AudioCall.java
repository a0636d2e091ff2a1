package org.rayo.media.sip;

import java.util.Optional;
import org.rayo.media.MediaCall;
import org.rayo.media.audio.ReceivedAudio;

/**
 * A call whose audio can be had as it is, for whoever does not record, play or detect but carries
 * it on. What {@link EmbeddedMediaBackend} announces is such a call.
 */
public interface AudioCall extends MediaCall {

  /**
   * The audio of the call, from its answer on; empty before that and after its end. A tap gets
   * everything that was received when the call ended, before {@link
   * org.rayo.media.MediaEvent.Ended} is told.
   */
  Optional<ReceivedAudio> audio();
}
