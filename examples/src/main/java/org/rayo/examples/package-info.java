/**
 * The program that a person starts: the server's command line, and the demo beside it.
 *
 * <p>May import the server and the test kit; nothing imports it.
 */
@NullMarked
package org.rayo.examples;

import org.jspecify.annotations.NullMarked;
