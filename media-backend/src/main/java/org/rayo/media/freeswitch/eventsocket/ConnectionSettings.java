package org.rayo.media.freeswitch.eventsocket;

import java.time.Duration;

/**
 * The times of a {@link SwitchConnection}, all positive.
 *
 * @param connectTimeout for connecting, the password and the subscriptions together
 * @param commandTimeout how long the answer to a command is waited for
 * @param heartbeat a server of which nothing was heard for so long is lost; after half of it, it is
 *     asked
 * @param firstRetry pause before the first attempt to connect again; doubled from one to the next,
 *     a fifth more or less
 * @param lastRetry the longest pause; also the one after a refusal that only a person can mend
 */
public record ConnectionSettings(
    Duration connectTimeout,
    Duration commandTimeout,
    Duration heartbeat,
    Duration firstRetry,
    Duration lastRetry) {

  /** 5 s to connect and for a command, 10 s without a sign, 0.5 s to 30 s between attempts. */
  public static final ConnectionSettings DEFAULT =
      new ConnectionSettings(
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  public ConnectionSettings {
    positive("connectTimeout", connectTimeout);
    positive("commandTimeout", commandTimeout);
    positive("heartbeat", heartbeat);
    positive("firstRetry", firstRetry);
    positive("lastRetry", lastRetry);
    if (lastRetry.compareTo(firstRetry) < 0) {
      throw new IllegalArgumentException(
          "lastRetry " + lastRetry + " is shorter than firstRetry " + firstRetry);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " " + value + " is not positive");
    }
  }
}
