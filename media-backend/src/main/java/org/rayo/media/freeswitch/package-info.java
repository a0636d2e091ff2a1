/**
 * The FreeSWITCH backend: calls that FreeSWITCH carries, commanded over its event socket and
 * captured by us.
 *
 * <p>Imports {@code org.rayo.media}, {@code eventsocket}, {@code capture}, {@code call} and {@code
 * recorder}; no XMPP, no store. Events of a channel become what happens to a {@link
 * org.rayo.media.MediaCall}; its commands go back as API commands and applications.
 */
@NullMarked
package org.rayo.media.freeswitch;

import org.jspecify.annotations.NullMarked;
