package org.rayo.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.rayo.media.freeswitch.FreeSwitchSettings;
import org.rayo.media.sip.AddressRange;
import org.rayo.media.sip.SipRoute;
import org.rayo.media.sip.SipSettings;

/**
 * {@code rayo.media.freeswitch}: the servers that carry the calls, and how they are worked with.
 *
 * @param servers by name
 * @param offers how calls come to us
 * @param socket where FreeSWITCH connects to for a call, when it does
 */
public record FreeSwitchConfig(
    Map<String, Server> servers,
    Offers offers,
    Socket socket,
    Capture capture,
    FreeSwitchSettings.Dialing dialing,
    FreeSwitchSettings.Playing playing,
    String conferenceProfile,
    FreeSwitchSettings.Limits limits) {

  private static final String BLOCK = "rayo.media.freeswitch.";

  /** The block whose keys are the names of servers. */
  static final String SERVERS = BLOCK + "servers";

  /** A call on hold sends nothing, for as long as it likes. */
  private static final Duration HELD = Duration.ofDays(1);

  private static final String NAME = "a name of letters, digits and _.-";

  public FreeSwitchConfig {
    servers = Map.copyOf(new TreeMap<>(servers));
  }

  /** One event socket. */
  public record Server(String host, int port, Secret password) {}

  /** How calls come to us. */
  public enum Offers {
    /** FreeSWITCH connects to us with each. */
    SOCKET,
    /** It parks them. */
    PARK
  }

  /** Where outbound sockets are listened for. */
  public record Socket(InetAddress address, int port, List<AddressRange> allowed) {
    public Socket {
      allowed = List.copyOf(allowed);
    }
  }

  /** How audio comes to us. */
  public enum Mode {
    /** As RTP. */
    RTP,
    /** In files that both machines see. */
    FILE
  }

  /** Where audio comes to us. */
  public record Capture(
      Mode mode,
      InetAddress address,
      int port,
      Optional<InetAddress> publicAddress,
      List<AddressRange> allowed,
      String profile,
      Path directory,
      String directoryThere) {
    public Capture {
      allowed = List.copyOf(allowed);
    }
  }

  /** For the backend, with the passwords. */
  public FreeSwitchSettings settings(String userAgent) {
    return new FreeSwitchSettings(
        new TreeMap<>(servers)
            .entrySet().stream()
                .map(
                    each ->
                        new FreeSwitchSettings.Server(
                            each.getKey(),
                            each.getValue().host(),
                            each.getValue().port(),
                            each.getValue().password().reveal()))
                .toList(),
        offers == Offers.PARK
            ? FreeSwitchSettings.Offering.PARKED
            : new FreeSwitchSettings.Offering(
                Optional.of(
                    new FreeSwitchSettings.Offering.Socket(
                        socket.address().getHostAddress(), socket.port(), socket.allowed()))),
        new FreeSwitchSettings.Capture(
            new SipSettings(
                capture.address().getHostAddress(),
                capture.port(),
                capture.publicAddress().map(InetAddress::getHostAddress),
                capture.allowed(),
                limits.ringTimeout(),
                HELD,
                2 * limits.maxCalls(),
                userAgent),
            capture.profile(),
            capture.mode() == Mode.FILE
                ? Optional.of(
                    new FreeSwitchSettings.Capture.Files(
                        capture.directory(), capture.directoryThere()))
                : Optional.empty()),
        dialing,
        playing,
        conferenceProfile,
        limits);
  }

  static FreeSwitchConfig read(ConfigReader reader, boolean used) {
    Map<String, Server> servers =
        reader.named(
            SERVERS,
            Map.of("port", 8021),
            Set.of("host", "password"),
            block ->
                new Server(
                    block.host("host"), block.integer("port", 1, 65535), block.secret("password")));
    if (used && servers.isEmpty()) {
      reader.missing(SERVERS, "name a server as in main { host = \"127.0.0.1\", password = ... }");
    }
    servers.forEach(
        (name, server) -> {
          if (!name.matches("[A-Za-z0-9_.-]+")) {
            reader.unfit(SERVERS, "\"" + name + "\" must be " + NAME);
          }
          if (server.password().reveal().isBlank()) {
            reader.unfit(SERVERS, "the password of " + name + " is empty");
          }
        });
    return new FreeSwitchConfig(
        servers,
        reader.choice(BLOCK + "offers", Offers.class),
        readSocket(reader),
        readCapture(reader),
        readDialing(reader),
        readPlaying(reader),
        name(reader, BLOCK + "conference-profile"),
        readLimits(reader));
  }

  private static Socket readSocket(ConfigReader reader) {
    String socket = BLOCK + "socket.";
    return new Socket(
        reader.address(socket + "address"),
        reader.integer(socket + "port", 0, 65535),
        ranges(reader, socket + "allowed-servers"));
  }

  private static Capture readCapture(ConfigReader reader) {
    String capture = BLOCK + "capture.";
    Mode mode = reader.choice(capture + "mode", Mode.class);
    Optional<Path> directory =
        reader.optionalPath(capture + "directory", "the path of a directory, or empty");
    String there =
        reader.explained(
            capture + "directory-there", text -> text.isEmpty() ? text : there(text), "");
    if (mode == Mode.FILE) {
      if (directory.isEmpty()) {
        reader.unfit(capture + "directory", "must be a directory that FreeSWITCH sees too");
      } else if (there.isEmpty()) {
        there = reader.explained(capture + "directory", FreeSwitchConfig::there, "/");
      }
    }
    InetAddress address = reader.address(capture + "address");
    Optional<InetAddress> publicAddress = reader.optionalAddress(capture + "public-address");
    if (address.isAnyLocalAddress() && publicAddress.isEmpty()) {
      reader.wrong(
          capture + "address",
          "one address, which FreeSWITCH can call, where public-address is empty");
    }
    return new Capture(
        mode,
        address,
        reader.integer(capture + "port", 0, 65535),
        publicAddress,
        ranges(reader, capture + "allowed-servers"),
        name(reader, capture + "profile"),
        directory.orElse(Path.of("")),
        there);
  }

  /** A path that can stand in FreeSWITCH's commands. */
  private static String there(String text) {
    return new FreeSwitchSettings.Capture.Files(Path.of("/"), text).there();
  }

  private static FreeSwitchSettings.Dialing readDialing(ConfigReader reader) {
    String dial = BLOCK + "dial.";
    List<SipRoute> routes =
        reader.blocks(
            dial + "routes",
            Map.of("strip", "", "prefix", ""),
            Set.of("to", "gateway"),
            block -> DialConfig.route(block, name(block, "gateway")));
    return new FreeSwitchSettings.Dialing(
        name(reader, dial + "profile"),
        routes,
        reader.list(
            dial + "allowed-destinations",
            DialConfig::destination,
            "an IP address, a network as in 10.0.0.0/8 or a host name as in *.example.org"),
        reader.parsed(
            dial + "from",
            text -> Optional.of(text).filter(from -> !from.isEmpty()).map(FreeSwitchConfig::from),
            Optional.empty(),
            "a sip: or tel: address, or empty"));
  }

  private static String from(String text) {
    if (!text.matches("(?i)(sip|tel):[^\\s<>\"']+")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static FreeSwitchSettings.Playing readPlaying(ConfigReader reader) {
    String play = BLOCK + "playback.";
    String engine =
        reader.parsed(
            play + "speech-engine", FreeSwitchConfig::nameOrEmpty, "", NAME + ", or empty");
    String voice = name(reader, play + "speech-voice");
    return new FreeSwitchSettings.Playing(
        reader.list(
            play + "directories",
            FreeSwitchConfig::absolute,
            "the absolute path of a directory on FreeSWITCH's disk"),
        reader.list(play + "hosts", text -> text, "a host name as in *.example.org"),
        engine.isEmpty()
            ? Optional.empty()
            : Optional.of(new FreeSwitchSettings.Playing.Speech(engine, voice)));
  }

  private static Path absolute(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(text);
    }
    return path.normalize();
  }

  private static FreeSwitchSettings.Limits readLimits(ConfigReader reader) {
    return new FreeSwitchSettings.Limits(
        reader.integer(BLOCK + "max-calls", 1, 100_000),
        reader.duration(BLOCK + "ring-timeout", Duration.ofSeconds(1), Duration.ofDays(1)),
        reader.duration(BLOCK + "command-timeout", Duration.ofMillis(100), Duration.ofMinutes(1)),
        reader.duration(BLOCK + "heartbeat", Duration.ofSeconds(1), Duration.ofMinutes(10)),
        reader.duration(BLOCK + "lost-after", Duration.ofSeconds(1), Duration.ofHours(1)));
  }

  private static List<AddressRange> ranges(ConfigReader reader, String key) {
    return reader.list(key, AddressRange::parse, "an IP address or a network as in 10.0.0.0/8");
  }

  private static String name(ConfigReader reader, String key) {
    return reader.parsed(
        key,
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException(NAME);
          }
          return nameOrEmpty(text);
        },
        "default",
        NAME);
  }

  private static String nameOrEmpty(String text) {
    if (!text.matches("[A-Za-z0-9_.-]*")) {
      throw new IllegalArgumentException(NAME);
    }
    return text;
  }
}
