package org.rayo.testkit.freeswitch;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How a {@link ScriptedSwitch} is set up.
 *
 * @param password of the event socket
 * @param profile the name of its one SIP profile
 * @param outbound where the socket application of extensions {@code rayo…} connects to; such a call
 *     is refused while there is none
 * @param files the directory below which files can be played; none can without it
 * @param gateways where calls to {@code sofia/gateway/<name>/…} go
 * @param heartbeat how often HEARTBEAT is told
 */
public record SwitchOptions(
    String password,
    String profile,
    Optional<InetSocketAddress> outbound,
    Optional<Path> files,
    Map<String, InetSocketAddress> gateways,
    Duration heartbeat) {

  public SwitchOptions {
    gateways = Map.copyOf(gateways);
  }

  /** Password ClueCon, profile external, HEARTBEAT every 20 s, and nothing else. */
  public static SwitchOptions defaults() {
    return new SwitchOptions(
        "ClueCon",
        "external",
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        Duration.ofSeconds(20));
  }

  public SwitchOptions outbound(InetSocketAddress address) {
    return new SwitchOptions(password, profile, Optional.of(address), files, gateways, heartbeat);
  }

  public SwitchOptions files(Path directory) {
    return new SwitchOptions(
        password, profile, outbound, Optional.of(directory), gateways, heartbeat);
  }

  public SwitchOptions gateway(String name, InetSocketAddress address) {
    Map<String, InetSocketAddress> all = new HashMap<>(gateways);
    all.put(name, address);
    return new SwitchOptions(password, profile, outbound, files, all, heartbeat);
  }

  public SwitchOptions heartbeat(Duration interval) {
    return new SwitchOptions(password, profile, outbound, files, gateways, interval);
  }
}
