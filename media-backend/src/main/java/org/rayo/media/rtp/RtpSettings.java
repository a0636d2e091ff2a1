package org.rayo.media.rtp;

import java.net.InetAddress;
import java.time.Duration;

/**
 * How an {@link RtpEngine} is set up.
 *
 * @param address that all sessions bind to
 * @param firstPort lowest port of the range; only even ports carry RTP, the odd one above each is
 *     left to RTCP
 * @param lastPort highest port of the range, inclusive
 * @param loops event loop threads
 * @param jitterTarget how much later than the first packet another one may come without being late
 * @param maxJitter how far that grows when the network is worse
 * @param deadAfter without any packet for so long, a session that should receive tells its listener
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3550#section-11">RFC 3550, section 11</a>
 */
public record RtpSettings(
    InetAddress address,
    int firstPort,
    int lastPort,
    int loops,
    Duration jitterTarget,
    Duration maxJitter,
    Duration deadAfter) {

  public RtpSettings {
    if (firstPort < 1 || lastPort > 65535 || (firstPort + 1) / 2 * 2 > lastPort) {
      throw new IllegalArgumentException("no even port in " + firstPort + "-" + lastPort);
    }
    if (loops < 1) {
      throw new IllegalArgumentException("at least one loop, not " + loops);
    }
    if (jitterTarget.isNegative() || jitterTarget.compareTo(maxJitter) > 0) {
      throw new IllegalArgumentException("jitter " + jitterTarget + " to " + maxJitter);
    }
    if (maxJitter.compareTo(Duration.ofSeconds(1)) > 0) {
      throw new IllegalArgumentException("at most 1 s of jitter, not " + maxJitter);
    }
    if (deadAfter.isZero() || deadAfter.isNegative()) {
      throw new IllegalArgumentException("deadAfter must be positive, not " + deadAfter);
    }
  }

  /** One loop per core, 60 to 200 ms of jitter, dead after 30 s. */
  public static RtpSettings of(InetAddress address, int firstPort, int lastPort) {
    return new RtpSettings(
        address,
        firstPort,
        lastPort,
        Runtime.getRuntime().availableProcessors(),
        Duration.ofMillis(60),
        Duration.ofMillis(200),
        Duration.ofSeconds(30));
  }

  /** The same with another number of loops. */
  public RtpSettings withLoops(int loops) {
    return new RtpSettings(address, firstPort, lastPort, loops, jitterTarget, maxJitter, deadAfter);
  }

  /** The same with another time to wait before RTP counts as dead. */
  public RtpSettings withDeadAfter(Duration deadAfter) {
    return new RtpSettings(address, firstPort, lastPort, loops, jitterTarget, maxJitter, deadAfter);
  }
}
