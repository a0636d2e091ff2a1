/**
 * {@code rayo recordings}: what a person does with recordings from the command line, beside a
 * running server or without one.
 *
 * <p>Imports {@code org.rayo.config} to find the spool and the stores, {@code org.rayo.recording}
 * for what the spool holds, {@code org.rayo.notice} for the documents beside recordings, and {@code
 * org.rayo.storage} to decrypt; it starts no server.
 */
@NullMarked
package org.rayo.server.recordings;

import org.jspecify.annotations.NullMarked;
