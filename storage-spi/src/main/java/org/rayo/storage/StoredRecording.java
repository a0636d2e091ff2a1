package org.rayo.storage;

import java.net.URI;

/**
 * A recording as it lies in a store: readable, whole, at its final place.
 *
 * @param uri where whoever is told of it can fetch it
 * @param sizeBytes as the store holds it
 */
public record StoredRecording(URI uri, long sizeBytes) {}
