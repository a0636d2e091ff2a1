/**
 * The program as people meet it: started as a process, told to stop by signals, judged by its exit
 * code and by what it prints. Imports of the server only what starts it.
 */
@NullMarked
package org.rayo.server.cli;

import org.jspecify.annotations.NullMarked;
