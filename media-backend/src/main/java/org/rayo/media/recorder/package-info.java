/**
 * Turns a call's frames into a finished file: capture, limits, encoder, spool file.
 *
 * <p>Imports {@code org.rayo.media}, {@code audio} and {@code encode}; knows neither RTP nor SIP,
 * neither journal nor store. Frames come from a {@link org.rayo.media.audio.CallAudio} on its media
 * thread, are encoded on the encoder pool, and are written by the spool writer.
 */
@NullMarked
package org.rayo.media.recorder;

import org.jspecify.annotations.NullMarked;
