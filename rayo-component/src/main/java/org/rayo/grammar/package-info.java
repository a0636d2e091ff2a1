/**
 * Grammars of keys: what an input waits for, read from SRGS or a builtin's name, matched key by
 * key, and told as NLSML.
 *
 * <p>Imports nothing of ours. Grammars come from clients and are bounded: in the size and depth of
 * their text, and in the states they compile to. Matching takes time in proportion to these for
 * each key, whatever the grammar is.
 *
 * @see <a href="https://www.w3.org/TR/speech-grammar/">SRGS 1.0</a>
 */
@NullMarked
package org.rayo.grammar;

import org.jspecify.annotations.NullMarked;
