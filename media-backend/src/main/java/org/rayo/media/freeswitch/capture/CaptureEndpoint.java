package org.rayo.media.freeswitch.capture;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.output.OutputSettings;
import org.rayo.media.output.Outputs;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.sip.AudioCall;
import org.rayo.media.sip.EmbeddedMediaBackend;
import org.rayo.media.sip.ExpectedCalls;
import org.rayo.media.sip.SipSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The SIP endpoint to which FreeSWITCH forks the audio of its calls. It answers the calls that were
 * asked for, each known by a token that nobody can guess and that is good once; all others are
 * refused with 404, or with 403 where SIP settings do not allow the address they come from.
 */
public final class CaptureEndpoint implements Reception, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(CaptureEndpoint.class);

  private static final int TOKEN_BYTES = 16;

  private record Expected(MediaThread thread, Awaiting awaiting, AtomicBoolean taken) {}

  private final SipSettings settings;
  private final RtpEngine rtp;
  private final Outputs outputs = new Outputs(OutputSettings.DEFAULT);
  private final EmbeddedMediaBackend sip;
  private final Map<String, Expected> expected = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private volatile boolean closed;

  /**
   * An endpoint on this engine, which stays the caller's: started before it, closed after it.
   *
   * @param settings where to listen; the address must be one that FreeSWITCH can call, or the
   *     public address be given; {@code maxCalls} counts forks, up to two for a call
   * @param recorders the server's; nothing is recorded here
   */
  public CaptureEndpoint(SipSettings settings, RtpEngine rtp, Recorders recorders) {
    this.settings = settings;
    this.rtp = rtp;
    sip = new EmbeddedMediaBackend(settings, rtp, recorders, outputs, new Tokens());
  }

  /**
   * Begins to listen.
   *
   * @throws MediaException fault {@link MediaException.Fault#CONFIGURATION}: nothing is open then
   */
  public void start() throws MediaException {
    if (isWildcard(host())) {
      throw new MediaException(
          MediaException.Fault.CONFIGURATION,
          "capture: FreeSWITCH cannot call "
              + host()
              + ": listen on one address, or give the public one");
    }
    sip.start(this::incoming);
  }

  /** Where FreeSWITCH calls, {@code host:port}, as it stands behind the {@code @} of a URI. */
  public String address() {
    String host = host();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + sip.localPort();
  }

  /**
   * The audio of a call, forked to this endpoint.
   *
   * @param callId for logs
   */
  public CapturedAudio audioOf(String callId, Forks forks) {
    return new ForkedAudio(callId, rtp.mediaThread(), this, forks, System::nanoTime);
  }

  /** Ends all forks, and listens no more. */
  @Override
  public void close() {
    closed = true;
    sip.close();
    outputs.close();
  }

  @Override
  public String expect(MediaThread thread, Awaiting awaiting) throws MediaException {
    if (closed) {
      throw new MediaException(MediaException.Fault.GONE, "capture: the SIP endpoint is closed");
    }
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    expected.put(token, new Expected(thread, awaiting, new AtomicBoolean()));
    return token;
  }

  @Override
  public void forget(String token) {
    expected.remove(token);
  }

  /** Tokens that were neither used nor forgotten. */
  int expected() {
    return expected.size();
  }

  private void incoming(MediaCall call) {
    String token = token(call.to());
    Optional<Expected> known = Optional.ofNullable(expected.get(token));
    if (call instanceof AudioCall leg
        && known.isPresent()
        && known.get().taken().compareAndSet(false, true)) {
      take(leg, token, known.get());
    } else {
      refuse(call, RejectReason.UNAVAILABLE);
    }
  }

  private void take(AudioCall leg, String token, Expected known) {
    leg.listen(
        event -> {
          if (event instanceof MediaEvent.Ended) {
            forget(token);
            known.thread().execute(known.awaiting()::over);
          }
        });
    CompletionStage<Void> unused =
        leg.answer(List.of())
            .whenComplete(
                (nothing, failure) -> {
                  forget(token);
                  if (failure == null) {
                    leg.audio()
                        .ifPresent(
                            audio -> known.thread().execute(() -> known.awaiting().up(leg, audio)));
                  } else {
                    log.info("{}: a fork cannot be answered: {}", leg, failure.getMessage());
                    refuse(leg, RejectReason.ERROR);
                  }
                });
  }

  private static void refuse(MediaCall call, RejectReason reason) {
    CompletionStage<Void> unused = call.reject(reason, List.of());
  }

  private String host() {
    return settings.publicAddress().orElse(settings.address());
  }

  private static boolean isWildcard(String host) throws MediaException {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress();
    } catch (UnknownHostException e) {
      throw new MediaException(
          MediaException.Fault.CONFIGURATION, "capture: address '" + host + "' is unknown", e);
    }
  }

  private static String token(URI to) {
    String address = to.getSchemeSpecificPart();
    return address.substring(0, Math.max(0, address.indexOf('@')));
  }

  /** Lets in who brings a token. */
  private final class Tokens implements ExpectedCalls {
    @Override
    public boolean isExpected(URI to) {
      return Optional.ofNullable(expected.get(token(to)))
          .filter(one -> !one.taken().get())
          .isPresent();
    }

    @Override
    public Level logged() {
      return Level.DEBUG;
    }

    @Override
    public Optional<MediaThread> carriedBy(URI to) {
      return Optional.ofNullable(expected.get(token(to))).map(Expected::thread);
    }
  }
}
