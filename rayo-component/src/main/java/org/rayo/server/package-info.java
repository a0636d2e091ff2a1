/**
 * The program: its command line, the wiring of all parts, their start and stop.
 *
 * <p>The only package that knows concrete classes of all the others, in {@link
 * org.rayo.server.ServerModule}. Nothing imports it but the launcher.
 */
@NullMarked
package org.rayo.server;

import org.jspecify.annotations.NullMarked;
