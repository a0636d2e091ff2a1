/**
 * The storage SPI: where finished recordings are kept.
 *
 * <p>Imports nothing of ours. A {@link org.rayo.storage.RecordingStoreProvider} is found by {@link
 * java.util.ServiceLoader}; its {@link org.rayo.storage.RecordingStore} is handed recordings by the
 * delivery of {@code rayo-component} and gives back their uris.
 */
@NullMarked
package org.rayo.storage;

import org.jspecify.annotations.NullMarked;
