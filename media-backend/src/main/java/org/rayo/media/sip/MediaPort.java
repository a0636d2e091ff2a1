package org.rayo.media.sip;

import java.time.Duration;
import org.rayo.media.MediaException;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.rtp.RtpStreamParameters;

/** One call's RTP, as signalling sees it. */
interface MediaPort {

  int localPort();

  void start(RtpStreamParameters parameters);

  void update(RtpStreamParameters parameters);

  void close();

  /** What is heard and played there. */
  CallAudio audio();

  /** Hears how the stream fares, on the media thread. */
  interface Listener {
    void rtpSilent(Duration since);

    void rtpBack();
  }

  /** Opens them. */
  interface Source {
    /**
     * Takes a port.
     *
     * @throws MediaException when no port is free
     */
    MediaPort open(Listener listener) throws MediaException;
  }
}
