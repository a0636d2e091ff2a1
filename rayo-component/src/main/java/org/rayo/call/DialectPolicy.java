package org.rayo.call;

import java.util.List;
import java.util.function.Predicate;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.JID;

/**
 * Which dialect a client speaks: the first rule whose pattern fits its address; else the XEP's, if
 * its presence carries a Rayo client's entity capabilities; else the server's.
 */
public final class DialectPolicy {

  private final Dialect server;
  private final List<Rule> rules;

  /**
   * A rule for some clients.
   *
   * @param fits tells of a full JID whether the rule is for it
   */
  public record Rule(Predicate<JID> fits, Dialect dialect) {}

  public DialectPolicy(Dialect server, List<Rule> rules) {
    this.server = server;
    this.rules = List.copyOf(rules);
  }

  /**
   * The dialect of one client.
   *
   * @param hasRayoCaps its presence names {@code urn:xmpp:rayo:client:1}
   */
  public Dialect of(JID client, boolean hasRayoCaps) {
    return rules.stream()
        .filter(rule -> rule.fits().test(client))
        .map(Rule::dialect)
        .findFirst()
        .orElse(hasRayoCaps ? Dialect.XEP_0327 : server);
  }
}
