package org.rayo.xmpp;

/** What the peer sent may not be on a stream: the stream ends with the error it carries. */
final class StreamErrorException extends Exception {
  private static final long serialVersionUID = 1L;

  private final StreamError error;

  StreamErrorException(StreamError error, String message) {
    super(message);
    this.error = error;
  }

  StreamErrorException(StreamError error, String message, Throwable cause) {
    super(message, cause);
    this.error = error;
  }

  /** The stream error to send. */
  StreamError error() {
    return error;
  }
}
