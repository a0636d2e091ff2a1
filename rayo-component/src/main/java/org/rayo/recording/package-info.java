/**
 * What becomes of a recording between its first byte and the client's knowledge of it: the journal
 * in the spool, and the delivery to the stores.
 *
 * <p>Imports {@code org.rayo.media} for what is captured, {@code org.rayo.storage} for where it
 * goes and {@code org.rayo.notice} for who else is told; no actor and no stanza. Recordings are
 * begun by the record components of {@code org.rayo.call}, which are told of every outcome.
 */
@NullMarked
package org.rayo.recording;

import org.jspecify.annotations.NullMarked;
