package org.rayo.media.sip;

import java.util.List;
import java.util.Optional;
import org.rayo.media.rtp.StreamDirection;

/**
 * A session description, as far as this endpoint cares: where media goes and how it is coded.
 *
 * @param origin who wrote it, and which version it is
 * @param timing the first {@code t=} line's value, {@code 0 0} for a session without bounds
 * @param connection where media goes that names no address of its own
 * @param attributes of the whole session
 * @param media the {@code m=} lines in their order, which offer and answer share
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8866">RFC 8866</a>
 */
record Sdp(
    Origin origin,
    String timing,
    Optional<Connection> connection,
    List<Attribute> attributes,
    List<Media> media) {

  Sdp {
    attributes = List.copyOf(attributes);
    media = List.copyOf(media);
  }

  /**
   * Reads one.
   *
   * @see SdpReader
   */
  static Sdp parse(byte[] text) throws SdpException {
    return SdpReader.read(text);
  }

  /** The direction of a stream: its own, else the session's, else both ways. As written. */
  StreamDirection directionOf(Media stream) {
    return direction(stream.attributes())
        .or(() -> direction(attributes))
        .orElse(StreamDirection.SENDRECV);
  }

  /** Where a stream goes: its own address, else the session's. */
  Optional<Connection> connectionOf(Media stream) {
    return stream.connection().or(this::connection);
  }

  private static Optional<StreamDirection> direction(List<Attribute> attributes) {
    for (Attribute attribute : attributes) {
      for (StreamDirection direction : StreamDirection.values()) {
        if (attribute.name().equals(SdpWriter.token(direction))) {
          return Optional.of(direction);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The {@code o=} line.
   *
   * @param sessionId decimal digits, of any length
   * @param version decimal digits; grows with every change
   */
  record Origin(String username, String sessionId, String version, Connection address) {}

  /**
   * A {@code c=} line.
   *
   * @param type {@code IP4} or {@code IP6}
   * @param address an IP address or a host name, without its TTL
   */
  record Connection(String type, String address) {}

  /** An {@code a=} line; the value is empty for a property such as {@code a=sendonly}. */
  record Attribute(String name, String value) {}

  /**
   * An {@code m=} line and what belongs to it.
   *
   * @param kind {@code audio}, {@code video} and so on
   * @param port 0 for a stream that is refused or switched off
   * @param protocol {@code RTP/AVP} for plain RTP
   * @param formats payload types for RTP; not empty
   */
  record Media(
      String kind,
      int port,
      String protocol,
      List<String> formats,
      Optional<Connection> connection,
      List<Attribute> attributes) {
    Media {
      formats = List.copyOf(formats);
      attributes = List.copyOf(attributes);
    }
  }
}
