package org.rayo.media.sip;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.function.Predicate;
import org.rayo.media.MediaException;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpPortsExhaustedException;
import org.rayo.media.rtp.RtpSession;
import org.rayo.media.rtp.RtpStreamParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link MediaPort} with real RTP behind it. */
final class RtpPort implements MediaPort {

  private static final Logger log = LoggerFactory.getLogger(RtpPort.class);

  private final RtpSession session;

  private RtpPort(RtpSession session) {
    this.session = session;
  }

  /**
   * Takes a port.
   *
   * @param allowed whose packets are heard; others' are counted as strangers'
   */
  static MediaPort open(RtpEngine engine, Predicate<InetAddress> allowed, Listener listener)
      throws MediaException {
    return opened(() -> engine.open(new Forward(listener), allowed));
  }

  /** The same on a thread of choice. */
  private static MediaPort open(
      RtpEngine engine, Predicate<InetAddress> allowed, Listener listener, MediaThread thread)
      throws MediaException {
    return opened(() -> engine.open(new Forward(listener), allowed, thread));
  }

  private static MediaPort opened(Opening opening) throws MediaException {
    try {
      return new RtpPort(opening.open());
    } catch (RtpPortsExhaustedException e) {
      throw new MediaException(MediaException.Fault.NO_RESOURCES, "no RTP port is free", e);
    }
  }

  @FunctionalInterface
  private interface Opening {
    RtpSession open() throws RtpPortsExhaustedException;
  }

  /** Takes ports of an engine, on the thread where a call is expected. */
  static Source source(RtpEngine engine, Predicate<InetAddress> allowed, ExpectedCalls expected) {
    return new Source() {
      @Override
      public Source of(URI to) {
        Source unbound = this;
        return expected
            .carriedBy(to)
            .<Source>map(thread -> listener -> RtpPort.open(engine, allowed, listener, thread))
            .orElse(unbound);
      }

      @Override
      public MediaThread mediaThread() {
        return engine.mediaThread();
      }

      @Override
      public MediaPort open(Listener listener) throws MediaException {
        return RtpPort.open(engine, allowed, listener);
      }

      @Override
      public MediaPort open(Listener listener, Predicate<InetAddress> called)
          throws MediaException {
        return RtpPort.open(engine, allowed.or(called), listener);
      }
    };
  }

  @Override
  public int localPort() {
    return session.localPort();
  }

  @Override
  public void start(RtpStreamParameters parameters) {
    session.start(parameters);
  }

  @Override
  public void update(RtpStreamParameters parameters) {
    session.update(parameters);
  }

  @Override
  public void close() {
    session.close();
    log.debug("RTP port {}: {}", session.localPort(), session.counters());
  }

  @Override
  public ReceivedAudio audio() {
    return session;
  }

  private record Forward(Listener listener) implements RtpSession.Listener {
    @Override
    public void rtpSilent(Duration since) {
      listener.rtpSilent(since);
    }

    @Override
    public void rtpBack() {
      listener.rtpBack();
    }

    @Override
    public void dtmf(char digit, Duration duration) {
      // nobody asks for keys yet
    }
  }
}
