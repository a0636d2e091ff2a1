package org.rayo.media.sip;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.rayo.media.MediaException;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.rtp.RtpStreamParameters;

/**
 * The media side of one call: its RTP port and what is agreed about it. Used on the call's queue
 * only.
 *
 * <p>Every description written has the session's version, which grows when its content changes (RFC
 * 3264, section 8).
 */
final class CallMedia {

  private final MediaPort port;
  private final Called called;
  private LocalMedia local;
  private Optional<byte[]> lastDescribed = Optional.empty();
  private Optional<RtpStreamParameters> agreed = Optional.empty();

  private CallMedia(MediaPort port, InetAddress address, Called called) {
    this.port = port;
    this.called = called;
    this.local =
        new LocalMedia(
            address, port.localPort(), ThreadLocalRandom.current().nextLong(1L << 31, 1L << 53), 1);
  }

  static CallMedia open(MediaPort.Source source, InetAddress address, MediaPort.Listener listener)
      throws MediaException {
    return new CallMedia(source.open(listener), address, new Called());
  }

  /** Of a call that we placed: whom we call may send, be it allowed to call us or not. */
  static CallMedia openCalling(
      MediaPort.Source source, InetAddress address, MediaPort.Listener listener)
      throws MediaException {
    Called called = new Called();
    return new CallMedia(source.open(listener, called), address, called);
  }

  /** The answer to an offer. */
  byte[] answer(Sdp offer, RtpStreamParameters parameters) throws NotAcceptableException {
    return described(AudioNegotiation.answer(offer, parameters, local.withVersion(0)));
  }

  /** An offer of ours. */
  byte[] offer() {
    return described(AudioNegotiation.offer(local.withVersion(0)));
  }

  /** Sends and receives as agreed, from now on. */
  void agree(RtpStreamParameters parameters) {
    called.address = Optional.of(parameters.remote().getAddress());
    if (agreed.isEmpty()) {
      port.start(parameters);
    } else if (!agreed.get().equals(parameters)) {
      port.update(parameters);
    }
    agreed = Optional.of(parameters);
  }

  boolean isAgreed() {
    return agreed.isPresent();
  }

  /** Whether the other side is expected to send. */
  boolean expectsRtp() {
    return agreed.isPresent() && agreed.get().direction().receives();
  }

  CallAudio audio() {
    return port.audio();
  }

  void close() {
    port.close();
  }

  @Override
  public String toString() {
    return "port "
        + port.localPort()
        + agreed
            .map(a -> " to " + a.remote() + " " + a.codec() + " " + a.direction())
            .orElse(", nothing agreed");
  }

  /** Where the other side wants its media, which is where it sends from as a rule. */
  private static final class Called implements Predicate<InetAddress> {
    private volatile Optional<InetAddress> address = Optional.empty();

    @Override
    public boolean test(InetAddress from) {
      Optional<InetAddress> known = address;
      return known.isPresent() && known.get().equals(from);
    }
  }

  /** Written with version 0 to see whether anything changed, then with the right one. */
  private byte[] described(Sdp unversioned) {
    byte[] content = SdpWriter.write(unversioned);
    if (lastDescribed.isPresent() && !Arrays.equals(lastDescribed.get(), content)) {
      local = local.withVersion(local.version() + 1);
    }
    lastDescribed = Optional.of(content);
    Sdp.Origin o = unversioned.origin();
    return SdpWriter.write(
        new Sdp(
            new Sdp.Origin(
                o.username(), o.sessionId(), Long.toString(local.version()), o.address()),
            unversioned.timing(),
            unversioned.connection(),
            unversioned.attributes(),
            unversioned.media()));
  }
}
