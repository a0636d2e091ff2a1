/**
 * Call control: one actor for each call and each mixer, with its components, one that joins them,
 * and the clients that hear of them.
 *
 * <p>Imports {@code org.rayo.protocol}, {@code org.rayo.media}, {@code org.rayo.recording} and the
 * sending side of {@code org.rayo.xmpp}; sees no socket, no file and no audio. Commands come parsed
 * from the {@link org.rayo.call.CommandDispatcher}, media events from the backend; what results are
 * iq answers, and events that go through {@link org.rayo.call.Clients}.
 */
@NullMarked
package org.rayo.call;

import org.jspecify.annotations.NullMarked;
