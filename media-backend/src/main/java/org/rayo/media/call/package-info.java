/**
 * What the calls and mixers of every backend are made of: who calls whom, a queue, an outbox of
 * events, what runs on a call and ends with it, and how many calls and threads there may be.
 *
 * <p>Imports {@code org.rayo.media}, {@code audio}, {@code recorder}, {@code output} and {@code
 * detect}; knows no signalling.
 */
@NullMarked
package org.rayo.media.call;

import org.jspecify.annotations.NullMarked;
