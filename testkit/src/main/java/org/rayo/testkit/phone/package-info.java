/**
 * A SIP phone for tests: it places and takes calls, sends audio as RTP in exact media time, and
 * keeps what it heard.
 *
 * <p>It speaks SIP by JAIN-SIP and RTP by plain sockets, both on loopback, and imports nothing of
 * the product. What it sends comes from {@code org.rayo.testkit.audio}; what it hears goes to the
 * test. One thread does all signalling of a phone, one all of its RTP, however many calls there
 * are.
 */
@NullMarked
package org.rayo.testkit.phone;

import org.jspecify.annotations.NullMarked;
