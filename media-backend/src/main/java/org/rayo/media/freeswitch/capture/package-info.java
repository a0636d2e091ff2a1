/**
 * The audio of a call that FreeSWITCH carries, as frames for taps: forked to a SIP endpoint of ours
 * as RTP, or read from files that FreeSWITCH writes.
 *
 * <p>Imports {@code org.rayo.media}, {@code audio}, {@code rtp} and {@code sip}. Knows no event
 * socket: what FreeSWITCH is to do is asked through {@link
 * org.rayo.media.freeswitch.capture.Forks}.
 */
@NullMarked
package org.rayo.media.freeswitch.capture;

import org.jspecify.annotations.NullMarked;
