package org.rayo.media.rtp;

/**
 * Which way media may flow, as this side sees it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3264#section-5.1">RFC 3264, section 5.1</a>
 */
public enum StreamDirection {
  SENDRECV(true, true),
  SENDONLY(true, false),
  RECVONLY(false, true),
  INACTIVE(false, false);

  private final boolean sends;
  private final boolean receives;

  StreamDirection(boolean sends, boolean receives) {
    this.sends = sends;
    this.receives = receives;
  }

  /** This side may send. */
  public boolean sends() {
    return sends;
  }

  /** This side expects to receive. */
  public boolean receives() {
    return receives;
  }
}
