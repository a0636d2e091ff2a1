/**
 * The XMPP side of the server: the stream to an XMPP server as an external component (XEP-0114),
 * the routing of the stanzas that arrive on it, service discovery and entity capabilities, and a
 * small loopback-only XMPP server for tests and for trying out.
 *
 * <p>Data comes from the TCP connection: {@link org.rayo.xmpp.ComponentStream} reads it, a {@code
 * StanzaParser} turns bytes into stanzas, {@link org.rayo.xmpp.StanzaRouter} answers what is plain
 * XMPP and hands Rayo commands and presences to the handlers it was given. Outgoing stanzas go
 * through a {@link org.rayo.xmpp.StanzaSender}, one ordered queue. Inside the process a stanza's
 * own elements are in no namespace (as Tinder builds them); the stream's namespace is taken off by
 * the parser and put back by the writer, nowhere else.
 *
 * <p>The stream needs a handler and the router needs a sender. Because {@link
 * org.rayo.xmpp.ComponentStream#start()} is a step of its own, the two are joined by a handler that
 * looks the router up: {@code new ComponentStream(settings, stanza -> routerReference.get()
 * .stanza(stanza))}.
 *
 * <p>It may not import call, recording, media, storage or protocol packages: it knows XMPP, and of
 * Rayo only the namespace's first letters.
 */
@NullMarked
package org.rayo.xmpp;

import org.jspecify.annotations.NullMarked;
