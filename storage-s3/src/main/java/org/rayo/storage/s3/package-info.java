/**
 * Recordings in S3 and compatible object stores.
 *
 * <p>Imports only the SPI of {@code org.rayo.storage} and the AWS SDK. Reads recordings from the
 * spool, as slices ({@code FileSlice}) and never as a whole; sends them to the configured bucket
 * and nowhere else. {@code S3Upload} decides what is sent when, {@code S3Bucket} asks for it,
 * {@code S3Faults} says what a failure means.
 */
@NullMarked
package org.rayo.storage.s3;

import org.jspecify.annotations.NullMarked;
