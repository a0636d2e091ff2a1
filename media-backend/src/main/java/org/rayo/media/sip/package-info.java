/**
 * The embedded media backend: SIP with JAIN-SIP, SDP, and calls whose audio is {@code rtp}'s.
 *
 * <p>Imports {@code org.rayo.media}, {@code audio}, {@code rtp} and {@code recorder}; no XMPP, no
 * store. Requests come from the network and become a {@link org.rayo.media.MediaCall}; its commands
 * go back as responses and requests.
 */
@NullMarked
package org.rayo.media.sip;

import org.jspecify.annotations.NullMarked;
