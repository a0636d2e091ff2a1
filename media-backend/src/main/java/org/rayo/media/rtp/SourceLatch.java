package org.rayo.media.rtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides whose packets count: those of the first valid source, wherever the session description
 * said they would come from, because between the two may be a NAT.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4961">RFC 4961</a>
 */
final class SourceLatch {
  /** After so long without its source, another may take its place. */
  private static final long RELATCH_NANOS = 500_000_000;

  enum Verdict {
    SAME,
    /** From now on this is the source. */
    TAKEN,
    STRANGER
  }

  private final Predicate<InetAddress> allowed;
  private Optional<InetSocketAddress> source = Optional.empty();
  private long seen;

  SourceLatch(Predicate<InetAddress> allowed) {
    this.allowed = allowed;
  }

  /**
   * @param agreed the packet is of an agreed payload type
   * @param sameSsrc the packet carries on the stream that is received already
   */
  Verdict check(InetSocketAddress from, boolean agreed, boolean sameSsrc, long nanos) {
    if (source.isPresent() && source.get().equals(from)) {
      seen = nanos;
      return Verdict.SAME;
    }
    boolean free = source.isEmpty() || nanos - seen >= RELATCH_NANOS || sameSsrc;
    if (!agreed || !free || !allowed.test(from.getAddress())) {
      return Verdict.STRANGER;
    }
    source = Optional.of(from);
    seen = nanos;
    return Verdict.TAKEN;
  }

  /** Where to send, if a packet has shown it. */
  Optional<InetSocketAddress> source() {
    return source;
  }

  /** The other side said that it moved. */
  void release() {
    source = Optional.empty();
  }
}
