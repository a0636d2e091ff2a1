package org.rayo.media.sip;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sip.header.ProxyAuthenticateHeader;
import javax.sip.header.WWWAuthenticateHeader;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the challenges of one request's way, each realm once, and again only when its nonce was
 * stale.
 */
final class ChallengeAnswers {

  private static final Logger log = LoggerFactory.getLogger(ChallengeAnswers.class);

  private final Set<String> answered = new HashSet<>();

  /** Whether a response is a challenge. */
  static boolean isChallenge(Response response) {
    return response.getStatusCode() == Response.UNAUTHORIZED || isProxys(response);
  }

  private static boolean isProxys(Response response) {
    return response.getStatusCode() == Response.PROXY_AUTHENTICATION_REQUIRED;
  }

  /**
   * The header for the request that is sent again; empty when there is no answer, or the one given
   * was wrong, which is in the log.
   *
   * @param call for the log
   * @param uri of the request
   */
  Optional<Header> answer(
      Object call, DialTarget target, Response refusal, String method, String uri) {
    Optional<SipGateway> gateway = target.gateway();
    Optional<SipGateway.Credentials> known = gateway.flatMap(SipGateway::credentials);
    String by = gateway.map(g -> "gateway " + g.name()).orElse(target.toString());
    if (known.isEmpty()) {
      log.warn("{}: {} wants a user and a password, and has none configured", call, by);
      return Optional.empty();
    }
    boolean proxy = isProxys(refusal);
    Optional<DigestAnswer.Challenge> challenge = challenge(refusal, proxy, known.get());
    if (challenge.isEmpty()) {
      log.warn("{}: the challenge of {} is none for its user", call, by);
      return Optional.empty();
    }
    DigestAnswer.Challenge asked = challenge.get();
    if (!answered.add(proxy + " " + asked.realm()) && !asked.stale()) {
      log.warn("{}: {} does not accept its user and password", call, by);
      return Optional.empty();
    }
    String cnonce = UUID.randomUUID().toString().replace("-", "");
    return Optional.of(
        new Header(
            proxy ? "Proxy-Authorization" : "Authorization",
            DigestAnswer.value(asked, known.get(), method, uri, cnonce)));
  }

  private static Optional<DigestAnswer.Challenge> challenge(
      Response refusal, boolean proxy, SipGateway.Credentials credentials) {
    List<DigestAnswer.Challenge> usable = new ArrayList<>();
    String name = proxy ? ProxyAuthenticateHeader.NAME : WWWAuthenticateHeader.NAME;
    for (Iterator<?> all = refusal.getHeaders(name); all.hasNext(); ) {
      if (all.next() instanceof WWWAuthenticateHeader header) {
        DigestAnswer.Challenge.of(header)
            .filter(c -> credentials.realm().map(c.realm()::equals).orElse(true))
            .ifPresent(usable::add);
      }
    }
    return usable.stream()
        .filter(DigestAnswer.Challenge::isStrong)
        .findFirst()
        .or(() -> usable.stream().findFirst());
  }
}
