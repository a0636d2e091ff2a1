package org.rayo.call;

import java.security.SecureRandom;

/**
 * Makes the ids of calls and components: lower-case letters and digits that no address preparation
 * changes, unguessable, and never made twice in practice (80 random bits for a call).
 */
final class Ids {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private Ids() {}

  /** The node of a call's address. */
  static String call() {
    return random(16);
  }

  /** The resource of a component's address. */
  static String component() {
    return random(10);
  }

  private static String random(int length) {
    StringBuilder id = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      id.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
