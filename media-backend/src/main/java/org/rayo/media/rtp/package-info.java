/**
 * RTP over non-blocking sockets: packets, the jitter buffer, sessions, the event loops.
 *
 * <p>Imports {@code audio} only. Packets come from the network and leave as frames at a {@link
 * org.rayo.media.audio.FrameTap}; what is played goes the other way.
 */
@NullMarked
package org.rayo.media.rtp;

import org.jspecify.annotations.NullMarked;
