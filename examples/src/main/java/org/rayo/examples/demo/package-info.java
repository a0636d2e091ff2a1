/**
 * {@code rayo demo}: a call, from the INVITE to a recording that has been checked, with everything
 * in one process and every protocol spoken for real.
 *
 * <p>Imports the server to start it and the test kit for the caller, the Rayo client and the
 * decoder; those three know nothing of the server but its addresses.
 */
@NullMarked
package org.rayo.examples.demo;

import org.jspecify.annotations.NullMarked;
