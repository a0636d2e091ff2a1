/**
 * Lets calls hear each other: the paths that a voice takes from one party to another, joins, and
 * the mixing of many.
 *
 * <p>Imports the SPI's values and {@code audio}. Frames come from one call's media thread and go to
 * another's; each party stays on its own thread.
 */
@NullMarked
package org.rayo.media.bridge;

import org.jspecify.annotations.NullMarked;
