/**
 * Audio encoders and the containers they fill: samples in, bytes of a file out.
 *
 * <p>Imports {@code org.rayo.media} (formats) and {@code audio}; does no input or output itself,
 * except for {@link org.rayo.media.encode.AudioRepair}, which mends a file in place, and {@link
 * org.rayo.media.encode.AudioEncoder#cutTo}, which reads the place where one is to end. Fed by
 * {@code recorder} on the encoder pool.
 */
@NullMarked
package org.rayo.media.encode;

import org.jspecify.annotations.NullMarked;
