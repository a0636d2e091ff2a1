package org.rayo.xmpp;

import org.rayo.xmpp.ComponentStreamException.Kind;

/**
 * A connection to the XMPP server that is over, or never was, for people to read.
 *
 * @param established the server had taken us before
 * @param place of the server, host and port
 * @param droppedStanzas that were for this connection only
 */
record LostConnection(
    Kind kind, boolean established, String place, String reason, int droppedStanzas) {

  @Override
  public String toString() {
    return what()
        + " the XMPP server at "
        + place
        + ": "
        + reason
        + (kind == Kind.REFUSED
            ? "; rayo.xmpp.domain and rayo.xmpp.secret have to be as it has them"
            : "")
        + (droppedStanzas > 0
            ? "; " + droppedStanzas + " stanzas for this connection dropped"
            : "");
  }

  private String what() {
    if (established) {
      return "lost the connection to";
    }
    return kind == Kind.REFUSED ? "refused by" : "cannot reach";
  }
}
