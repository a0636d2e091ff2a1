package org.rayo.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code rayo.offers}: who is offered the calls that ring in.
 *
 * @param mode of calls for which there is no rule
 * @param timeout how long whoever is offered a call has before the next are asked; zero: for ever
 * @param rules first match wins
 */
public record OffersConfig(Mode mode, Duration timeout, List<Rule> rules) {

  /** In which order clients are asked. */
  public enum Mode {
    /** All at once. */
    ALL,
    /** One after the other, beginning with who has not been asked for longest. */
    ROUND_ROBIN
  }

  /**
   * Who is offered the calls to some addresses.
   *
   * @param clients those of the first pattern are asked first, then those of the next; not empty
   * @param timeout how long those that are asked have; zero: for ever
   */
  public record Rule(AddressPattern to, List<JidPattern> clients, Mode mode, Duration timeout) {
    public Rule {
      clients = List.copyOf(clients);
    }
  }

  private static final String RULES = "rayo.offers.rules";
  private static final Duration LONGEST = Duration.ofHours(1);

  public OffersConfig {
    rules = List.copyOf(rules);
  }

  static OffersConfig read(ConfigReader reader) {
    Mode mode = reader.choice("rayo.offers.mode", Mode.class);
    Duration timeout = reader.duration("rayo.offers.timeout", Duration.ZERO, LONGEST);
    Map<String, String> defaults =
        Map.of(
            "mode",
            mode.name().toLowerCase(Locale.ROOT).replace('_', '-'),
            "timeout",
            timeout.toMillis() + "ms");
    return new OffersConfig(
        mode, timeout, reader.blocks(RULES, defaults, Set.of("to", "clients"), OffersConfig::rule));
  }

  private static Rule rule(ConfigReader block) {
    if (block.listIsEmpty("clients")) {
      block.unfit("clients", "must name at least one client");
    }
    return new Rule(
        block.parsed(
            "to",
            AddressPattern::parse,
            AddressPattern.parse("*"),
            "an address as in sip:sales@example.org, with * for anything"),
        block.list("clients", JidPattern::parse, "a JID, with * for anything"),
        block.choice("mode", Mode.class),
        block.duration("timeout", Duration.ZERO, LONGEST));
  }
}
