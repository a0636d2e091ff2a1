/**
 * Audio to send and means to judge what was recorded: sources of samples, G.711, readers of WAV and
 * MP3, a tone meter and a correlator.
 *
 * <p>The package is an instrument: it imports nothing of the product, and computes for itself what
 * the product computes too, so that the two can disagree. Samples are signed 16-bit, and rates are
 * hertz. Sources go to {@code org.rayo.testkit.phone}; files come from the recordings under test.
 */
@NullMarked
package org.rayo.testkit.audio;

import org.jspecify.annotations.NullMarked;
