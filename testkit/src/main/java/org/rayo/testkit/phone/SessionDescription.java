package org.rayo.testkit.phone;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The little of SDP that a phone with one audio stream says and understands.
 *
 * @param version the session version of the o= line
 * @param rtp where its sender wants RTP
 * @param payloadTypes in order of preference
 * @param telephoneEvent whether payload type 101 is declared as telephone-event
 * @param direction what its sender wants to do
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4566">RFC 4566</a>
 */
record SessionDescription(
    long version,
    InetSocketAddress rtp,
    List<Integer> payloadTypes,
    boolean telephoneEvent,
    Direction direction) {

  static final int TELEPHONE_EVENT = 101;

  /** The direction attributes of SDP. */
  enum Direction {
    SENDRECV,
    SENDONLY,
    RECVONLY,
    INACTIVE;

    boolean sends() {
      return this == SENDRECV || this == SENDONLY;
    }

    boolean receives() {
      return this == SENDRECV || this == RECVONLY;
    }

    String attribute() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** What to answer to this offer when we would like everything. */
    Direction answer() {
      return switch (this) {
        case SENDRECV -> SENDRECV;
        case SENDONLY -> RECVONLY;
        case RECVONLY -> SENDONLY;
        case INACTIVE -> INACTIVE;
      };
    }
  }

  SessionDescription {
    payloadTypes = List.copyOf(payloadTypes);
  }

  String text() {
    StringBuilder sdp = new StringBuilder();
    String address = rtp.getAddress().getHostAddress();
    sdp.append("v=0\r\no=phone 1 ").append(version).append(" IN IP4 ").append(address);
    sdp.append("\r\ns=call\r\nc=IN IP4 ").append(address).append("\r\nt=0 0\r\n");
    sdp.append("m=audio ").append(rtp.getPort()).append(" RTP/AVP");
    payloadTypes.forEach(type -> sdp.append(' ').append(type));
    sdp.append(telephoneEvent ? " " + TELEPHONE_EVENT : "").append("\r\n");
    for (Codec codec : Codec.values()) {
      if (payloadTypes.contains(codec.payloadType())) {
        sdp.append("a=rtpmap:").append(codec.payloadType()).append(' ').append(codec);
        sdp.append("/8000\r\n");
      }
    }
    if (telephoneEvent) {
      sdp.append("a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n");
    }
    return sdp.append("a=ptime:20\r\na=").append(direction.attribute()).append("\r\n").toString();
  }

  /**
   * Reads what the other side said.
   *
   * @throws IllegalArgumentException if it holds no audio stream with an address
   */
  static SessionDescription parse(String sdp) {
    String address = "";
    int port = -1;
    long version = 0;
    List<Integer> types = new ArrayList<>();
    boolean event = false;
    Direction direction = Direction.SENDRECV;
    for (String line : sdp.lines().toList()) {
      String[] words = line.substring(Math.min(2, line.length())).split(" ", -1);
      if (line.startsWith("c=") && words.length >= 3) {
        address = words[2];
      } else if (line.startsWith("o=") && words.length >= 3) {
        version = Long.parseLong(words[2]);
      } else if (line.startsWith("m=audio ")) {
        port = Integer.parseInt(words[1]);
        for (int i = 3; i < words.length; i++) {
          types.add(Integer.parseInt(words[i]));
        }
      } else if (line.startsWith("a=rtpmap:101 telephone-event/8000")) {
        event = true;
      } else if (line.startsWith("a=")) {
        direction = directionOr(line.substring(2), direction);
      }
    }
    if (port < 0 || address.isEmpty()) {
      throw new IllegalArgumentException("no audio stream in: " + sdp);
    }
    types.remove(Integer.valueOf(TELEPHONE_EVENT));
    return new SessionDescription(
        version, new InetSocketAddress(address, port), types, event, direction);
  }

  private static Direction directionOr(String attribute, Direction other) {
    for (Direction direction : Direction.values()) {
      if (direction.attribute().equals(attribute)) {
        return direction;
      }
    }
    return other;
  }
}
