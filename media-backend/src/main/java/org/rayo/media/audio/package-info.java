/**
 * Sound as numbers: PCM frames, G.711, tones, mixing, levels; the detectors of speech and of keys.
 *
 * <p>Imports nothing of ours. Audio is linear PCM, 16 bits, {@code short}; a frame is 20 ms of it.
 * Frames come from {@code rtp} and go to {@code recorder} and back to the caller.
 */
@NullMarked
package org.rayo.media.audio;

import org.jspecify.annotations.NullMarked;
