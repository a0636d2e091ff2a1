/**
 * Recordings in S3 and compatible object stores.
 *
 * <p>Imports only the SPI of {@code org.rayo.storage} and the AWS SDK. So far its settings can be
 * read; the store itself is not there, and so no provider of type {@code s3} is registered.
 */
@NullMarked
package org.rayo.storage.s3;

import org.jspecify.annotations.NullMarked;
