/**
 * The server's configuration, read once at the start into immutable records.
 *
 * <p>{@code reference.conf} has every key with its default and its meaning; a file changes some of
 * them; {@link org.rayo.config.RayoConfig} is what the rest of the server sees, valid or not there
 * at all. Imports {@code org.rayo.protocol} for the dialects, {@code org.rayo.storage} for the
 * stores' settings, {@code org.rayo.media.sip} for address ranges and {@code org.rayo.media.encode}
 * for the choice of an encoder, nothing else of ours; only this package knows the syntax (HOCON).
 */
@NullMarked
package org.rayo.config;

import org.jspecify.annotations.NullMarked;
