package org.rayo.media.sip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rayo.media.rtp.StreamDirection;

/**
 * What one end of a call says of its audio stream in SDP, as far as another end is to be told of
 * it.
 *
 * @param connection where it wants its audio
 * @param port of its RTP
 * @param direction as the end sees it
 * @param codings G.711 and telephone-event, in the order of preference; others are left out
 * @param ptime of a packet, in milliseconds, when it says so
 */
record RemoteAudio(
    Sdp.Connection connection,
    int port,
    StreamDirection direction,
    List<Coding> codings,
    Optional<String> ptime) {

  static final String PCMU = "PCMU/8000";
  static final String PCMA = "PCMA/8000";
  static final String TELEPHONE_EVENT = "telephone-event/8000";

  RemoteAudio {
    codings = List.copyOf(codings);
  }

  /**
   * A payload type and what it stands for.
   *
   * @param name one of the three above
   */
  record Coding(int payloadType, String name) {
    boolean isAudio() {
      return !name.equals(TELEPHONE_EVENT);
    }
  }

  /** The same, with only those codings that the other has too, under the same number. */
  RemoteAudio common(RemoteAudio other) {
    return new RemoteAudio(
        connection,
        port,
        direction,
        codings.stream().filter(other.codings::contains).toList(),
        ptime);
  }

  boolean hasAudio() {
    return codings.stream().anyMatch(Coding::isAudio);
  }

  /** Whether it both sends and hears: it is not on hold. */
  boolean isOpen() {
    return direction == StreamDirection.SENDRECV;
  }

  boolean isAtSamePlace(RemoteAudio other) {
    return connection.equals(other.connection) && port == other.port;
  }

  /** Whether it takes all that the other says of codings. */
  boolean takes(RemoteAudio other) {
    return codings.containsAll(other.codings);
  }

  /** The stream of a description that tells of it. */
  Sdp.Media stream() {
    List<String> formats = new ArrayList<>();
    List<Sdp.Attribute> attributes = new ArrayList<>();
    for (Coding coding : codings) {
      formats.add(Integer.toString(coding.payloadType()));
      attributes.add(new Sdp.Attribute("rtpmap", coding.payloadType() + " " + coding.name()));
      if (!coding.isAudio()) {
        attributes.add(new Sdp.Attribute("fmtp", coding.payloadType() + " 0-15"));
      }
    }
    ptime.ifPresent(milliseconds -> attributes.add(new Sdp.Attribute("ptime", milliseconds)));
    attributes.add(new Sdp.Attribute(SdpWriter.token(direction), ""));
    return new Sdp.Media("audio", port, "RTP/AVP", formats, Optional.empty(), attributes);
  }
}
