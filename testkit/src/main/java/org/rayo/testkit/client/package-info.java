/**
 * A Rayo client on Smack that deals in plain XML, so that it sees what is on the wire and not what
 * the server's own code makes of it.
 *
 * <p>Imports nothing of ours. Stanzas come from an XMPP server of any make and are kept in the
 * order of their arrival.
 */
@NullMarked
package org.rayo.testkit.client;

import org.jspecify.annotations.NullMarked;
