package org.rayo.media.sip;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.rayo.media.MediaException;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.rtp.RtpStreamParameters;
import org.rayo.media.rtp.StreamDirection;

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
  private Optional<Sdp> lastDescribed = Optional.empty();
  private Optional<RtpStreamParameters> agreed = Optional.empty();
  private Optional<RemoteAudio> end = Optional.empty();
  private Optional<Past> past = Optional.empty();

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

  /**
   * An offer, within the session, that the other side's audio goes to another end and comes from
   * there, and not from here any more.
   */
  byte[] offerOf(RemoteAudio other) throws NotAcceptableException {
    Sdp last = lastDescribed.orElseThrow();
    return described(AudioNegotiation.offerAgain(last, other, local.withVersion(0)));
  }

  /** An offer, within the session, that the other side's audio comes here, in any of its codecs. */
  byte[] offerHere() throws NotAcceptableException {
    List<RemoteAudio.Coding> codings = end.map(RemoteAudio::codings).orElse(List.of());
    return offerOf(
        new RemoteAudio(
            local.connection(),
            local.port(),
            StreamDirection.SENDRECV,
            codings,
            Optional.of("20")));
  }

  /**
   * The answer to an offer that leaves the audio where it is, past this side.
   *
   * @return empty when the offer does not
   */
  Optional<byte[]> answerPast(Sdp offer) throws NotAcceptableException {
    if (past.isEmpty()) {
      return Optional.empty();
    }
    RemoteAudio says = AudioNegotiation.remoteAudio(offer);
    Past now = past.get();
    RemoteAudio other = now.other().common(says);
    return says.isOpen() && says.isAtSamePlace(now.end()) && says.takes(now.end())
        ? Optional.of(described(AudioNegotiation.answer(offer, other, local.withVersion(0))))
        : Optional.empty();
  }

  /** Sends and receives as the other side's description says, from now on. */
  void agree(Sdp remote) throws NotAcceptableException {
    agree(remote, AudioNegotiation.agree(remote));
  }

  /**
   * The same.
   *
   * @param parameters that come of it
   */
  void agree(Sdp remote, RtpStreamParameters parameters) throws NotAcceptableException {
    end = Optional.of(AudioNegotiation.remoteAudio(remote));
    past = Optional.empty();
    called.address = Optional.of(parameters.remote().getAddress());
    use(parameters);
  }

  /**
   * The other side's audio goes past this one: nothing is sent or awaited here.
   *
   * @param other with whom it talks instead
   * @param now what the other side says of itself, as it answered
   */
  void agreePast(RemoteAudio other, RemoteAudio now) {
    past = Optional.of(new Past(other, now));
    RtpStreamParameters last = agreed.orElseThrow();
    use(
        new RtpStreamParameters(
            last.remote(),
            last.codec(),
            last.payloadType(),
            last.dtmfPayloadType(),
            StreamDirection.INACTIVE));
  }

  private void use(RtpStreamParameters parameters) {
    if (agreed.isEmpty()) {
      port.start(parameters);
    } else if (!agreed.get().equals(parameters)) {
      port.update(parameters);
    }
    agreed = Optional.of(parameters);
  }

  /** Whether the other side's audio goes past this one. */
  boolean isPast() {
    return past.isPresent();
  }

  /** What the other side last said of its audio while that came here; empty before it did. */
  Optional<RemoteAudio> end() {
    return end;
  }

  boolean isAgreed() {
    return agreed.isPresent();
  }

  /** Whether the other side is expected to send. */
  boolean expectsRtp() {
    return agreed.isPresent() && agreed.get().direction().receives();
  }

  ReceivedAudio audio() {
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
            .orElse(", nothing agreed")
        + past.map(p -> ", past this server").orElse("");
  }

  /**
   * Audio that goes between two ends.
   *
   * @param other as this side told of it
   * @param end the one of this call, as it answered
   */
  private record Past(RemoteAudio other, RemoteAudio end) {}

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
    if (lastDescribed.isPresent() && !lastDescribed.get().equals(unversioned)) {
      local = local.withVersion(local.version() + 1);
    }
    lastDescribed = Optional.of(unversioned);
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
