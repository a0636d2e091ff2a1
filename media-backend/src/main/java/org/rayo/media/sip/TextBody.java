package org.rayo.media.sip;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sip.header.ContentEncodingHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.message.Request;
import org.rayo.media.MediaException;

/**
 * What a MESSAGE says. It travels as UTF-8.
 *
 * @param subtype of {@code text/…}, in small letters
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3428">RFC 3428</a>
 */
record TextBody(String subtype, String text) {

  /** The largest body, either way. */
  static final int MAX_BYTES = 8192;

  private static final Pattern TYPE = Pattern.compile("(?i)text/([a-z0-9.+_-]+)(\\s*;.*)?");

  /**
   * What a command wants to send.
   *
   * @param contentType {@code text/…}, parameters are of no effect
   * @throws MediaException fault {@code UNSUPPORTED} for another type, {@code REFUSED} for a text
   *     that is too long
   */
  static TextBody of(String contentType, String text) throws MediaException {
    var type = TYPE.matcher(contentType.strip());
    if (!type.matches()) {
      throw new MediaException(
          MediaException.Fault.UNSUPPORTED,
          "message: content of type '" + contentType + "' cannot be sent, only text/…");
    }
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_BYTES) {
      throw new MediaException(
          MediaException.Fault.REFUSED,
          "message: the text has " + length + " bytes; at most " + MAX_BYTES + " are allowed");
    }
    return new TextBody(type.group(1).toLowerCase(Locale.ROOT), text);
  }

  /** What came; empty for what is no plain text in an encoding that is known here. */
  static Optional<TextBody> of(Request request) {
    ContentTypeHeader type = (ContentTypeHeader) request.getHeader(ContentTypeHeader.NAME);
    ContentEncodingHeader encoding =
        (ContentEncodingHeader) request.getHeader(ContentEncodingHeader.NAME);
    if (type == null
        || !type.getContentType().equalsIgnoreCase("text")
        || !type.getContentSubType().equalsIgnoreCase("plain")
        || (encoding != null && !encoding.getEncoding().equalsIgnoreCase("identity"))) {
      return Optional.empty();
    }
    String charset = type.getParameter("charset");
    byte[] body = SipMessages.bodyOf(request).orElse(new byte[0]);
    try {
      Charset known = charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset);
      return Optional.of(
          new TextBody("plain", known.newDecoder().decode(ByteBuffer.wrap(body)).toString()));
    } catch (IllegalCharsetNameException
        | UnsupportedCharsetException
        | CharacterCodingException unknown) {
      return Optional.empty();
    }
  }

  String contentType() {
    return "text/" + subtype;
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
