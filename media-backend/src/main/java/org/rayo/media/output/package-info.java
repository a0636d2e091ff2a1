/**
 * What is played to calls: files fetched and decoded, text spoken, and the player that gives them
 * to the media thread frame by frame.
 *
 * <p>Imports the SPI, {@code audio} and {@code encode} only. Segments come from an {@link
 * org.rayo.media.OutputRequest}; sound goes to a {@link org.rayo.media.audio.CallAudio}. Everything
 * that blocks runs on threads of this package's own; files and addresses are read only where the
 * settings permit it.
 */
@NullMarked
package org.rayo.media.output;

import org.jspecify.annotations.NullMarked;
