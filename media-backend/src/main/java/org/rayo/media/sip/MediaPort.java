package org.rayo.media.sip;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Predicate;
import org.rayo.media.MediaException;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.rtp.RtpStreamParameters;

/** One call's RTP, as signalling sees it. */
interface MediaPort {

  int localPort();

  void start(RtpStreamParameters parameters);

  void update(RtpStreamParameters parameters);

  void close();

  /** What is heard and played there. */
  ReceivedAudio audio();

  /** Hears how the stream fares, on the media thread. */
  interface Listener {
    void rtpSilent(Duration since);

    void rtpBack();
  }

  /** Opens them, and has the threads that carry them. */
  interface Source {
    /**
     * One of the threads, for a mixer.
     *
     * @throws MediaException when there are none
     */
    default MediaThread mediaThread() throws MediaException {
      throw new MediaException(MediaException.Fault.UNSUPPORTED, "mixers need real media");
    }

    /** The same ports, for a call to this address. */
    default Source of(URI to) {
      return this;
    }

    /**
     * Takes a port.
     *
     * @throws MediaException when no port is free
     */
    MediaPort open(Listener listener) throws MediaException;

    /**
     * The same for a call that we placed.
     *
     * @param called whose packets are heard besides; asked for every packet
     */
    default MediaPort open(Listener listener, Predicate<InetAddress> called) throws MediaException {
      return open(listener);
    }
  }
}
