/**
 * An example: a store of one's own, which keeps each recording in a ZIP archive with what is known
 * of it.
 *
 * <p>Uses the storage SPI and nothing else, as any such store would. The server finds it by {@code
 * META-INF/services}.
 */
@NullMarked
package org.rayo.examples.zipstore;

import org.jspecify.annotations.NullMarked;
