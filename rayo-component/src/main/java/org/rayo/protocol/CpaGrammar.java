package org.rayo.protocol;

import java.util.OptionalLong;

/**
 * A {@code <grammar/>} of call progress analysis, read.
 *
 * @param url as the client wrote it
 * @param terminate the first such signal ends the component; else each is an event
 * @param maxTimeMillis of speech: what is longer is a machine, what is not is a human; positive, or
 *     empty: nobody is told apart
 * @param minSpeechDurationMillis of speech: what is shorter does not count; 0 when left out
 * @see <a href="https://xmpp.org/extensions/xep-0341.html#def-grammar">XEP-0341, grammar format</a>
 */
public record CpaGrammar(
    String url,
    SignalType type,
    boolean terminate,
    OptionalLong maxTimeMillis,
    long minSpeechDurationMillis) {}
