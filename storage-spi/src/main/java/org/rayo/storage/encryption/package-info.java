/**
 * Encryption of recordings at rest: for one key pair, whose private half the server does not have.
 *
 * <p>Imports the JDK and the errors of {@code org.rayo.storage}. {@code RecordingCipher} encrypts
 * and decrypts files, {@code EncryptedHeader} is how such a file begins, {@code ChunkCipher} how it
 * goes on, {@code PemKeys} reads keys. The format is in docs/storage.md.
 */
@NullMarked
package org.rayo.storage.encryption;

import org.jspecify.annotations.NullMarked;
