/**
 * What is told of a recording besides the client's {@code <complete/>}: job files and webhooks, and
 * the JSON that both have in common with the sidecar beside a recording.
 *
 * <p>Imports {@code org.rayo.config} for its settings and {@code org.rayo.storage} for names,
 * nothing else of ours. Whoever knows something of a recording makes a {@link
 * org.rayo.notice.Notice} and gives it to {@link org.rayo.notice.Notices}, which writes it down in
 * the spool, a file for each sink, and hands it to the sinks from there.
 */
@NullMarked
package org.rayo.notice;

import org.jspecify.annotations.NullMarked;
