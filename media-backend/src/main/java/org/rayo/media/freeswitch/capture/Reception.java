package org.rayo.media.freeswitch.capture;

import org.rayo.media.MediaException;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.sip.AudioCall;

/** Takes the calls that bring forked audio. Thread safe. */
interface Reception {

  /**
   * A call will come.
   *
   * @param thread that is to carry its audio
   * @return its token, for {@link #forget} when it did not come
   * @throws MediaException when no calls are taken any more
   */
  String expect(MediaThread thread, Awaiting awaiting) throws MediaException;

  /** The token is good for nothing any more; harmless when it was used. */
  void forget(String token);

  /** Hears of the call that brings a token, on its media thread. */
  interface Awaiting {
    /** It is up. */
    void up(AudioCall call, ReceivedAudio audio);

    /** It is over, and all that it brought has been delivered; perhaps it was never up. */
    void over();
  }
}
