package org.rayo.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.rayo.media.sip.AddressRange;

/** {@code rayo.media}: what handles calls and audio. */
public record MediaConfig(
    Backend backend, Embedded embedded, FreeSwitchConfig freeswitch, OutputConfig output) {

  /** Which media backend. */
  public enum Backend {
    /** SIP and RTP in this process. */
    EMBEDDED,
    /** Servers of FreeSWITCH. */
    FREESWITCH
  }

  /** The embedded backend. */
  public record Embedded(Sip sip, Rtp rtp) {}

  /**
   * SIP.
   *
   * @param address to listen on
   * @param port to listen on, 0 for any
   * @param publicAddress that callers use, where it is another
   * @param allowedCallers who may call; empty: anybody
   * @param ringTimeout how long a call may stay unanswered
   * @param maxCalls calls at once
   * @param dial whom calls are placed to
   */
  public record Sip(
      InetAddress address,
      int port,
      Optional<InetAddress> publicAddress,
      List<AddressRange> allowedCallers,
      Duration ringTimeout,
      int maxCalls,
      DialConfig dial) {
    public Sip {
      allowedCallers = List.copyOf(allowedCallers);
    }
  }

  /**
   * RTP.
   *
   * @param address to listen on
   * @param ports for RTP and RTCP
   * @param deadAfter a call without any packet for so long is ended
   * @param jitter delay of the jitter buffer
   */
  public record Rtp(InetAddress address, PortRange ports, Duration deadAfter, Duration jitter) {}

  static MediaConfig read(ConfigReader reader) {
    Backend backend = reader.choice("rayo.media.backend", Backend.class);
    String sip = "rayo.media.embedded.sip.";
    InetAddress sipAddress = reader.address(sip + "address");
    return new MediaConfig(
        backend,
        new Embedded(
            new Sip(
                sipAddress,
                reader.integer(sip + "port", 0, 65535),
                reader.optionalAddress(sip + "public-address"),
                reader.list(
                    sip + "allowed-callers",
                    AddressRange::parse,
                    "an IP address or a network as in 10.0.0.0/8"),
                reader.duration(sip + "ring-timeout", Duration.ofSeconds(1), Duration.ofDays(1)),
                reader.integer(sip + "max-calls", 1, 100_000),
                DialConfig.read(reader)),
            readRtp(reader, sipAddress)),
        FreeSwitchConfig.read(reader, backend == Backend.FREESWITCH),
        OutputConfig.read(reader));
  }

  private static Rtp readRtp(ConfigReader reader, InetAddress sipAddress) {
    String rtp = "rayo.media.embedded.rtp.";
    return new Rtp(
        reader.optionalAddress(rtp + "address").orElse(sipAddress),
        reader.parsed(
            rtp + "ports",
            PortRange::parse,
            new PortRange(1, 2),
            "first-last as in 20000-29999, within 1-65535"),
        reader.duration(rtp + "dead-after", Duration.ofSeconds(1), Duration.ofDays(1)),
        reader.duration(rtp + "jitter", Duration.ofMillis(20), Duration.ofSeconds(1)));
  }
}
