package org.rayo.storage.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells trouble with a certificate or a handshake from a connection that broke under TLS. */
final class TlsFailure {

  private TlsFailure() {}

  /**
   * Whether the next try would end in the same way until somebody mends it: a certificate that is
   * not trusted, or a handshake that fails. A connection that broke later is not that.
   */
  static boolean lasts(IOException failure) {
    boolean handshake = false;
    boolean broken = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException
          || cause instanceof CertPathValidatorException
          || cause instanceof SSLPeerUnverifiedException) {
        return true;
      }
      handshake |= cause instanceof SSLHandshakeException;
      broken |= hungUp(cause);
      for (Throwable suppressed : cause.getSuppressed()) {
        broken |= hungUp(suppressed);
      }
    }
    return handshake && !broken;
  }

  private static boolean hungUp(Throwable cause) {
    return cause instanceof EOFException
        || cause instanceof SocketException
        || cause instanceof ClosedChannelException;
  }
}
