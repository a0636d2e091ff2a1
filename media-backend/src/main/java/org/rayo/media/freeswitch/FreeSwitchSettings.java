package org.rayo.media.freeswitch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.rayo.media.sip.AddressRange;
import org.rayo.media.sip.SipRoute;
import org.rayo.media.sip.SipSettings;

/**
 * Which FreeSWITCH servers carry the calls, and how they are worked with.
 *
 * @param servers at least one, of different names
 * @param offering how calls come to us
 * @param capture how their audio does
 * @param dialing whom calls are placed to
 * @param playing what may be played
 * @param conferenceProfile of {@code conference.conf.xml}, for mixers
 * @param limits of calls and of patience
 */
public record FreeSwitchSettings(
    List<Server> servers,
    Offering offering,
    Capture capture,
    Dialing dialing,
    Playing playing,
    String conferenceProfile,
    Limits limits) {

  public FreeSwitchSettings {
    servers = List.copyOf(servers);
    Objects.requireNonNull(offering, "offering");
    Objects.requireNonNull(capture, "capture");
    Objects.requireNonNull(dialing, "dialing");
    Objects.requireNonNull(playing, "playing");
    Objects.requireNonNull(limits, "limits");
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("no FreeSWITCH server is named");
    }
    if (servers.stream().map(Server::name).distinct().count() < servers.size()) {
      throw new IllegalArgumentException("two FreeSWITCH servers have the same name");
    }
    requireName("conference profile", conferenceProfile);
  }

  /**
   * What may be played to calls. Where FreeSWITCH writes their audio into files it speaks nothing:
   * the end of a speech leaves a part of a frame behind, and the file does not grow any more.
   */
  Playing playedToCalls() {
    return capture.files().isPresent() ? playing.withoutSpeech() : playing;
  }

  /** A name of FreeSWITCH's configuration, which goes into its commands as it is. */
  static void requireName(String what, String name) {
    if (!name.matches("[A-Za-z0-9_.-]+")) {
      throw new IllegalArgumentException(
          what + " '" + name + "' is no name of letters, digits and _.-");
    }
  }

  /**
   * One server's event socket.
   *
   * @param name ours, for logs
   * @param password of {@code event_socket.conf.xml}; in no log
   */
  public record Server(String name, String host, int port, String password) {
    public Server {
      requireName("name", name);
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException(
            "port of '" + name + "' is " + port + "; 1 to 65535 are allowed");
      }
    }

    @Override
    public String toString() {
      return name + " (" + host + ":" + port + ")";
    }
  }

  /**
   * How calls come to us.
   *
   * @param socket where FreeSWITCH connects to for each call: {@code socket host:port async full};
   *     empty: every call that a dialplan parks is ours
   */
  public record Offering(Optional<Socket> socket) {

    /** Every inbound call that is parked. */
    public static final Offering PARKED = new Offering(Optional.empty());

    /**
     * Listens for outbound sockets.
     *
     * @param address to listen on
     * @param port to listen on, 0 for any
     * @param allowed who may connect besides the servers themselves; empty: nobody
     */
    public record Socket(String address, int port, List<AddressRange> allowed) {
      public Socket {
        allowed = List.copyOf(allowed);
      }
    }
  }

  /**
   * How audio comes to us.
   *
   * @param sip where FreeSWITCH calls us, with a leg for each side of a call that is listened to
   * @param profile of sofia, which calls us
   * @param files when given, FreeSWITCH writes the audio of calls there instead
   */
  public record Capture(SipSettings sip, String profile, Optional<Files> files) {
    public Capture {
      requireName("capture profile", profile);
    }

    /**
     * A directory that this machine and FreeSWITCH share.
     *
     * @param here as this machine sees it
     * @param there as FreeSWITCH sees it
     */
    public record Files(Path here, String there) {
      public Files {
        if (!there.matches("/[^\\s'\"\\\\$|;,]*")) {
          throw new IllegalArgumentException(
              "'" + there + "' is no absolute path without blanks, quotes and $|;,");
        }
      }
    }
  }

  /**
   * Whom calls are placed to.
   *
   * @param profile of sofia, for what is called directly
   * @param routes by which gateway of FreeSWITCH what goes; the first that fits wins
   * @param direct hosts that {@code sip:} addresses may name which no route takes: names with
   *     {@code *} for anything, addresses or networks
   * @param from who calls, where the request does not say
   */
  public record Dialing(
      String profile, List<SipRoute> routes, List<String> direct, Optional<String> from) {
    public Dialing {
      requireName("dial profile", profile);
      routes = List.copyOf(routes);
      direct = List.copyOf(direct);
      routes.forEach(route -> requireName("gateway", route.gateway()));
    }
  }

  /**
   * What may be played.
   *
   * @param directories on FreeSWITCH's disk, below which files lie that may be played
   * @param hosts from which {@code http:} and {@code https:} files may be played, with {@code *}
   *     for anything
   * @param speech who speaks; empty: nobody
   */
  public record Playing(List<Path> directories, List<String> hosts, Optional<Speech> speech) {
    public Playing {
      directories = List.copyOf(directories);
      hosts = List.copyOf(hosts);
    }

    /** The same where nothing can be spoken. */
    Playing withoutSpeech() {
      return new Playing(directories, hosts, Optional.empty());
    }

    /**
     * A text-to-speech engine of FreeSWITCH.
     *
     * @param engine its module's name: {@code flite}, {@code tts_commandline}, {@code unimrcp}
     * @param voice where the request names none
     */
    public record Speech(String engine, String voice) {
      public Speech {
        requireName("speech engine", engine);
        requireName("voice", voice);
      }
    }
  }

  /**
   * Limits.
   *
   * @param maxCalls at once; more are refused
   * @param ringTimeout how long a call may wait for its answer, whoever placed it
   * @param command how long FreeSWITCH may take to answer a command
   * @param heartbeat a connection over which nothing comes for so long is dead
   * @param lostAfter a server that cannot be reached for so long has lost its calls
   */
  public record Limits(
      int maxCalls,
      Duration ringTimeout,
      Duration command,
      Duration heartbeat,
      Duration lostAfter) {

    /** 1,000 calls, 3 min, 5 s, 10 s, 30 s. */
    public static final Limits DEFAULT =
        new Limits(
            1000,
            Duration.ofMinutes(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30));

    public Limits {
      if (maxCalls < 1) {
        throw new IllegalArgumentException("maxCalls is " + maxCalls + "; at least 1 is needed");
      }
      for (Duration each : List.of(ringTimeout, command, heartbeat, lostAfter)) {
        if (each.isNegative() || each.isZero()) {
          throw new IllegalArgumentException("a time is " + each + ", not positive");
        }
      }
    }
  }
}
