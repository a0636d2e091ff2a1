/**
 * What the calls and mixers of every backend are made of: a queue, an outbox of events, and what
 * runs on a call and ends with it.
 *
 * <p>Imports {@code org.rayo.media}, {@code audio}, {@code recorder}, {@code output} and {@code
 * detect}; knows no signalling.
 */
@NullMarked
package org.rayo.media.call;

import org.jspecify.annotations.NullMarked;
