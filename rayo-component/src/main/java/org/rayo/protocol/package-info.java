/**
 * Rayo on the wire: commands and events as records, and the only code that sees their XML.
 *
 * <p>Imports {@code org.rayo.media} for headers and requests, {@code org.rayo.grammar} for the keys
 * that an input waits for; no actor, no stream. Stanzas come from {@code org.rayo.xmpp} and become
 * a {@link org.rayo.protocol.RayoCommand} or a {@link org.rayo.protocol.StanzaError} here; events
 * become stanzas on their way back.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html">XEP-0327: Rayo</a>
 */
@NullMarked
package org.rayo.protocol;

import org.jspecify.annotations.NullMarked;
