package org.rayo.call;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.xmpp.packet.JID;

/**
 * Who is offered the calls that ring in, and in which order: by the first rule for the address that
 * is called; without one, everybody.
 *
 * @param mode of calls for which there is no rule
 * @param timeout of those; zero: none. With {@link Mode#ALL} there is nothing it could lead to
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-establishment-inbound">XEP-0327,
 *     inbound sessions</a>: offers may be simultaneous or staged
 */
public record OfferPolicy(Mode mode, Duration timeout, List<Rule> rules) {

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
   * @param to tells of an address whether the rule is for it
   * @param clients each tells of a full JID whether it is asked in that step
   * @param timeout how long whoever is asked has before the next are; zero: for ever
   */
  public record Rule(
      Predicate<String> to, List<Predicate<JID>> clients, Mode mode, Duration timeout) {
    public Rule {
      clients = List.copyOf(clients);
    }
  }

  public OfferPolicy {
    rules = List.copyOf(rules);
  }

  /** Everybody at once. */
  static OfferPolicy toAll() {
    return new OfferPolicy(Mode.ALL, Duration.ZERO, List.of());
  }

  /** For one call, by the address it is for. */
  OfferPlan planFor(URI to) {
    Optional<Rule> rule =
        rules.stream().filter(candidate -> candidate.to().test(to.toString())).findFirst();
    return rule.map(found -> new OfferPlan(found.clients(), found.mode(), found.timeout()))
        .orElseGet(
            () ->
                new OfferPlan(
                    List.of(client -> true), mode, mode == Mode.ALL ? Duration.ZERO : timeout));
  }
}
