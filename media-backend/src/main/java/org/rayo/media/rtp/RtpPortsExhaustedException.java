package org.rayo.media.rtp;

import java.io.IOException;

/**
 * No even port of the configured range can be bound: all are taken, or the operating system gives
 * no more sockets.
 */
public final class RtpPortsExhaustedException extends Exception {
  private static final long serialVersionUID = 1L;

  RtpPortsExhaustedException(RtpSettings settings) {
    super(message(settings));
  }

  RtpPortsExhaustedException(RtpSettings settings, IOException cause) {
    super(message(settings), cause);
  }

  private static String message(RtpSettings settings) {
    return "no free even port for RTP on %s in %d-%d"
        .formatted(settings.address().getHostAddress(), settings.firstPort(), settings.lastPort());
  }
}
