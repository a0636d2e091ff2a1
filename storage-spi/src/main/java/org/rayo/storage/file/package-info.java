/**
 * The store that needs nothing: recordings in a local directory.
 *
 * <p>Imports only the SPI of {@code org.rayo.storage}. Reads recordings from the spool; writes to
 * the configured directory and nowhere else.
 */
@NullMarked
package org.rayo.storage.file;

import org.jspecify.annotations.NullMarked;
