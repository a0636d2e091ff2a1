package org.rayo.testkit.peers;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a test wants of an XMPP server.
 *
 * @param accounts user names and passwords
 * @param componentDomain must not be below another component
 */
public record XmppServerOptions(
    String domain, Map<String, String> accounts, String componentDomain, String secret) {

  public XmppServerOptions {
    accounts = new TreeMap<>(accounts);
    for (String word : new String[] {domain, componentDomain, secret}) {
      requirePlain(word);
    }
    accounts.forEach(
        (user, password) -> {
          requirePlain(user);
          requirePlain(password);
        });
  }

  /** Domain {@code rayo.test}, component {@code call.rayo.test}, and the accounts given. */
  public static XmppServerOptions withAccounts(Map<String, String> accounts) {
    return new XmppServerOptions("rayo.test", accounts, "call.rayo.test", "component-secret");
  }

  /** These words go into configuration files of three languages; none of them shall need quotes. */
  private static void requirePlain(String word) {
    if (!word.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException("not a plain word: '" + word + "'");
    }
  }
}
