/**
 * Real programs that the product is tested against: XMPP servers, SIPp, and players and probes of
 * audio files.
 *
 * <p>Each server runs privately: its own directory, loopback only, ports that were free, under
 * whatever user runs the tests. Nothing here knows the product; the package uses {@code
 * org.rayo.testkit.audio} for what SIPp is to say. Only {@link RequiresPeer} needs JUnit.
 */
@NullMarked
package org.rayo.testkit.peers;

import org.jspecify.annotations.NullMarked;
