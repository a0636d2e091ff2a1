/**
 * An example: a Rayo client that answers every call and records it.
 *
 * <p>Uses Smack and nothing else, as an application would.
 */
@NullMarked
package org.rayo.examples.recordcalls;

import org.jspecify.annotations.NullMarked;
