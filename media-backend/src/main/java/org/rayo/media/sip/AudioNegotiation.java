package org.rayo.media.sip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.rayo.media.audio.G711;
import org.rayo.media.rtp.RtpStreamParameters;
import org.rayo.media.rtp.StreamDirection;

/**
 * Offer and answer for one audio stream of G.711 over plain RTP. Every other stream is refused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3264">RFC 3264</a>
 */
final class AudioNegotiation {

  private static final int NETWORK_ADDRESS_FORMAT = 301;
  private static final int MEDIA_TYPE = 304;
  private static final int MEDIA_FORMAT = 305;

  /** What this endpoint offers for telephone-event: any dynamic number does. */
  private static final int OFFERED_DTMF = 101;

  private AudioNegotiation() {}

  /**
   * What the other side's description, an offer or an answer, makes of the audio stream. Its first
   * codec that this side has is taken.
   */
  static RtpStreamParameters agree(Sdp remote) throws NotAcceptableException {
    Sdp.Media audio = remote.media().get(usableStream(remote));
    List<Coding> codings = audio.formats().stream().map(f -> coding(audio, f)).toList();
    for (Coding coding : codings) {
      Optional<G711> codec = codec(coding);
      if (codec.isPresent()) {
        return parameters(remote, audio, codec.get(), coding.payloadType(), dtmf(codings));
      }
    }
    throw new NotAcceptableException(
        MEDIA_FORMAT, "neither PCMU/8000 nor PCMA/8000 is among the audio formats");
  }

  private static RtpStreamParameters parameters(
      Sdp remote, Sdp.Media audio, G711 codec, int payloadType, OptionalInt dtmf)
      throws NotAcceptableException {
    InetAddress address = address(remote.connectionOf(audio));
    StreamDirection direction = reversed(remote.directionOf(audio));
    if (address.isAnyLocalAddress()) {
      // The hold of RFC 2543: there is nowhere to send to.
      direction = direction.receives() ? StreamDirection.RECVONLY : StreamDirection.INACTIVE;
    }
    return new RtpStreamParameters(
        new InetSocketAddress(address, audio.port()), codec, payloadType, dtmf, direction);
  }

  /** What a description that {@link #agree} accepted says of its audio, for another end. */
  static RemoteAudio remoteAudio(Sdp remote) throws NotAcceptableException {
    Sdp.Media audio = remote.media().get(usableStream(remote));
    Sdp.Connection connection = remote.connectionOf(audio).orElseThrow();
    boolean nowhere = address(Optional.of(connection)).isAnyLocalAddress();
    List<RemoteAudio.Coding> codings = new ArrayList<>();
    for (String format : audio.formats()) {
      Coding coding = coding(audio, format);
      known(coding).ifPresent(k -> codings.add(new RemoteAudio.Coding(coding.payloadType(), k)));
    }
    return new RemoteAudio(
        connection,
        audio.port(),
        nowhere ? StreamDirection.INACTIVE : remote.directionOf(audio),
        codings,
        audio.attributes().stream()
            .filter(a -> a.name().equals("ptime") && a.value().matches("[0-9]{1,3}"))
            .map(Sdp.Attribute::value)
            .findFirst());
  }

  private static Optional<String> known(Coding coding) {
    return codec(coding)
        .map(codec -> codec == G711.MU_LAW ? RemoteAudio.PCMU : RemoteAudio.PCMA)
        .or(
            () ->
                Optional.of(RemoteAudio.TELEPHONE_EVENT)
                    .filter(name -> coding.name().equals(name.toUpperCase(Locale.ROOT))));
  }

  /** The answer to an offer that {@link #agree} accepted. */
  static Sdp answer(Sdp offer, RtpStreamParameters agreed, LocalMedia local)
      throws NotAcceptableException {
    return local.describe(offer.timing(), answered(offer, audio(agreed, local)));
  }

  /** The same that sends the offerer's audio to another end. */
  static Sdp answer(Sdp offer, RemoteAudio other, LocalMedia local) throws NotAcceptableException {
    return local.describe(offer.timing(), other.connection(), answered(offer, other.stream()));
  }

  private static List<Sdp.Media> answered(Sdp offer, Sdp.Media audio)
      throws NotAcceptableException {
    int chosen = usableStream(offer);
    List<Sdp.Media> media = new ArrayList<>();
    for (int i = 0; i < offer.media().size(); i++) {
      Sdp.Media offered = offer.media().get(i);
      media.add(i == chosen ? audio : refused(offered));
    }
    return media;
  }

  /**
   * An offer within a session: its streams stay as they are, but that the audio goes to and comes
   * from somewhere else.
   *
   * @param last this side's last description in the session
   * @see <a href="https://www.rfc-editor.org/rfc/rfc3264#section-8">RFC 3264, section 8</a>
   */
  static Sdp offerAgain(Sdp last, RemoteAudio audio, LocalMedia local)
      throws NotAcceptableException {
    List<Sdp.Media> media = new ArrayList<>(last.media());
    media.set(usableStream(last), audio.stream());
    return local.describe(last.timing(), audio.connection(), media);
  }

  /** An offer of all this endpoint can do, for a caller who offered nothing. */
  static Sdp offer(LocalMedia local) {
    List<Sdp.Attribute> attributes =
        List.of(
            new Sdp.Attribute("rtpmap", "0 PCMU/8000"),
            new Sdp.Attribute("rtpmap", "8 PCMA/8000"),
            new Sdp.Attribute("rtpmap", OFFERED_DTMF + " telephone-event/8000"),
            new Sdp.Attribute("fmtp", OFFERED_DTMF + " 0-15"),
            new Sdp.Attribute("ptime", "20"),
            new Sdp.Attribute("sendrecv", ""));
    return local.describe(
        "0 0",
        List.of(stream(local, List.of("0", "8", Integer.toString(OFFERED_DTMF)), attributes)));
  }

  private static Sdp.Media audio(RtpStreamParameters agreed, LocalMedia local) {
    String payloadType = Integer.toString(agreed.payloadType());
    List<String> formats = new ArrayList<>(List.of(payloadType));
    List<Sdp.Attribute> attributes = new ArrayList<>();
    String name = agreed.codec() == G711.MU_LAW ? "PCMU" : "PCMA";
    attributes.add(new Sdp.Attribute("rtpmap", payloadType + " " + name + "/8000"));
    agreed
        .dtmfPayloadType()
        .ifPresent(
            dtmf -> {
              formats.add(Integer.toString(dtmf));
              attributes.add(new Sdp.Attribute("rtpmap", dtmf + " telephone-event/8000"));
              attributes.add(new Sdp.Attribute("fmtp", dtmf + " 0-15"));
            });
    attributes.add(new Sdp.Attribute("ptime", "20"));
    attributes.add(new Sdp.Attribute(SdpWriter.token(agreed.direction()), ""));
    return stream(local, formats, attributes);
  }

  private static Sdp.Media stream(
      LocalMedia local, List<String> formats, List<Sdp.Attribute> attributes) {
    return new Sdp.Media("audio", local.port(), "RTP/AVP", formats, Optional.empty(), attributes);
  }

  private static Sdp.Media refused(Sdp.Media offered) {
    return new Sdp.Media(
        offered.kind(), 0, offered.protocol(), offered.formats(), Optional.empty(), List.of());
  }

  private static int usableStream(Sdp sdp) throws NotAcceptableException {
    for (int i = 0; i < sdp.media().size(); i++) {
      Sdp.Media media = sdp.media().get(i);
      if (media.kind().equals("audio") && media.protocol().equals("RTP/AVP") && media.port() > 0) {
        return i;
      }
    }
    throw new NotAcceptableException(MEDIA_TYPE, "there is no audio stream over RTP/AVP");
  }

  private static InetAddress address(Optional<Sdp.Connection> connection)
      throws NotAcceptableException {
    String text =
        connection
            .orElseThrow(
                () ->
                    new NotAcceptableException(
                        NETWORK_ADDRESS_FORMAT, "the audio stream has no address"))
            .address();
    InetAddress address =
        IpLiteral.parse(text)
            .orElseThrow(
                () ->
                    new NotAcceptableException(
                        NETWORK_ADDRESS_FORMAT, "the audio address is not an IP address"));
    if (address.isMulticastAddress() || text.equals("255.255.255.255")) {
      throw new NotAcceptableException(
          NETWORK_ADDRESS_FORMAT, "the audio address is not a unicast address");
    }
    return address;
  }

  private static StreamDirection reversed(StreamDirection theirs) {
    return switch (theirs) {
      case SENDRECV -> StreamDirection.SENDRECV;
      case SENDONLY -> StreamDirection.RECVONLY;
      case RECVONLY -> StreamDirection.SENDONLY;
      case INACTIVE -> StreamDirection.INACTIVE;
    };
  }

  private static Optional<G711> codec(Coding coding) {
    return switch (coding.name()) {
      case "PCMU/8000", "PCMU/8000/1" -> Optional.of(G711.MU_LAW);
      case "PCMA/8000", "PCMA/8000/1" -> Optional.of(G711.A_LAW);
      default -> Optional.empty();
    };
  }

  private static OptionalInt dtmf(List<Coding> codings) {
    return codings.stream()
        .filter(coding -> coding.name().equals("TELEPHONE-EVENT/8000"))
        .mapToInt(Coding::payloadType)
        .findFirst();
  }

  /** What a format is: as an {@code a=rtpmap} says, else what RFC 3551 assigned to the number. */
  private static Coding coding(Sdp.Media audio, String format) {
    if (!format.matches("[0-9]{1,3}") || Integer.parseInt(format) > 127) {
      return new Coding(-1, "");
    }
    int payloadType = Integer.parseInt(format);
    for (Sdp.Attribute attribute : audio.attributes()) {
      String[] parts = attribute.value().split(" +", -1);
      if (attribute.name().equals("rtpmap") && parts.length == 2 && parts[0].equals(format)) {
        return new Coding(payloadType, parts[1].toUpperCase(Locale.ROOT));
      }
    }
    return new Coding(
        payloadType, payloadType == 0 ? "PCMU/8000" : payloadType == 8 ? "PCMA/8000" : "");
  }

  /** A payload type and the encoding it stands for, in capitals; empty when unknown. */
  private record Coding(int payloadType, String name) {}
}
