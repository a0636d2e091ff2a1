/**
 * What is heard in a call while it lasts: keys, speech, the beep of an answering machine, ring-back
 * and busy tones.
 *
 * <p>Imports {@code audio} and the SPI's {@code Signal}. Frames come from {@code rtp}; signals go
 * to whoever asked for them, by way of {@code sip}.
 */
@NullMarked
package org.rayo.media.detect;

import org.jspecify.annotations.NullMarked;
