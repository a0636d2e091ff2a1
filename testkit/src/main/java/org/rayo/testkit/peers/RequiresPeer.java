package org.rayo.testkit.peers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that needs installed programs, named as on the command line: {@code prosody}, {@code
 * ejabberdctl}, {@code sipp}, {@code ffprobe}, …; and {@code slixmpp}, which is a library of
 * Python's
 *
 * <p>Where one is missing the test is skipped and the reason printed; with {@code
 * RAYO_PEERS=required} in the environment it fails.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresPeerCondition.class)
public @interface RequiresPeer {
  String[] value();
}
