/**
 * FreeSWITCH's event socket (mod_event_socket): framing, commands and their replies, events, one
 * connection of ours to a server, and the connections that a server's {@code socket} application
 * makes to us. It knows no calls.
 *
 * <p>Imports nothing of ours. {@link org.rayo.media.freeswitch.eventsocket.SwitchConnection} and
 * {@link org.rayo.media.freeswitch.eventsocket.OutboundSockets} run on the one thread of an {@link
 * org.rayo.media.freeswitch.eventsocket.EventSocketLoop}; what listens to them runs there too and
 * must not block.
 *
 * <p>What comes from outside and goes into a command passes {@link
 * org.rayo.media.freeswitch.eventsocket.ApiCommand} or {@link
 * org.rayo.media.freeswitch.eventsocket.DialString}, which quote it or refuse it.
 */
@NullMarked
package org.rayo.media.freeswitch.eventsocket;

import org.jspecify.annotations.NullMarked;
