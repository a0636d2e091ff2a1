package org.rayo.media.sip;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.rayo.media.rtp.StreamDirection;

/** Writes session descriptions. */
final class SdpWriter {

  private SdpWriter() {}

  static byte[] write(Sdp sdp) {
    Sdp.Origin origin = sdp.origin();
    StringBuilder text = new StringBuilder(256);
    line(text, 'v', "0");
    line(
        text,
        'o',
        origin.username()
            + " "
            + origin.sessionId()
            + " "
            + origin.version()
            + " IN "
            + connection(origin.address()));
    line(text, 's', "-");
    sdp.connection().ifPresent(c -> line(text, 'c', "IN " + connection(c)));
    line(text, 't', sdp.timing());
    attributes(text, sdp.attributes());
    for (Sdp.Media media : sdp.media()) {
      line(
          text,
          'm',
          media.kind()
              + " "
              + media.port()
              + " "
              + media.protocol()
              + " "
              + String.join(" ", media.formats()));
      media.connection().ifPresent(c -> line(text, 'c', "IN " + connection(c)));
      attributes(text, media.attributes());
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The attribute that says so, {@code sendrecv} for example. */
  static String token(StreamDirection direction) {
    return direction.name().toLowerCase(Locale.ROOT);
  }

  private static String connection(Sdp.Connection connection) {
    return connection.type() + " " + connection.address();
  }

  private static void attributes(StringBuilder text, List<Sdp.Attribute> attributes) {
    for (Sdp.Attribute attribute : attributes) {
      line(
          text,
          'a',
          attribute.value().isEmpty()
              ? attribute.name()
              : attribute.name() + ":" + attribute.value());
    }
  }

  private static void line(StringBuilder text, char type, String value) {
    text.append(type).append('=').append(value).append("\r\n");
  }
}
