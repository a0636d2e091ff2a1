/**
 * The promise, tried: the server as a process of its own, callers and clients that make recordings,
 * and troubles that befall server, disk, store and XMPP server meanwhile. Judges by what clients
 * were told, by what the store holds, and by what the callers had said.
 */
@NullMarked
package org.rayo.server.campaign;

import org.jspecify.annotations.NullMarked;
