package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import javax.sip.SipFactory;
import javax.sip.header.WWWAuthenticateHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.sip.DigestAnswer.Challenge;

class DigestAnswerTest {

  private static final SipGateway.Credentials ANN =
      new SipGateway.Credentials("ann", "pass word", Optional.empty());

  private static Challenge challenge(Optional<String> algorithm, boolean auth) {
    return new Challenge("ex \"a\" mple", "n0nce", algorithm, auth, Optional.of("op"), false);
  }

  private static String value(Challenge challenge) {
    return DigestAnswer.value(challenge, ANN, "INVITE", "sip:bob@example.org", "c0nce");
  }

  /** Computed with {@code md5sum} and {@code sha256sum}, as RFC 7616 says. */
  @ParameterizedTest
  @CsvSource({
    "'',false,5cec83f66c771def107d296c8329a1d7",
    "MD5,true,7473ab10245b9a5c63471cdbd4102950",
    "SHA-256,true,684d4296fd97686902f66c71e25c393d5de3e9f58d9e9d5439bf52ac028f5156",
    "SHA-256,false,aadac89dcc84752f0291d36cb59e172be783d165543160062b5f958b3b755693"
  })
  void value_ofEachKind_hasTheRightResponse(String algorithm, boolean auth, String response) {
    Challenge challenge = challenge(Optional.of(algorithm).filter(name -> !name.isEmpty()), auth);
    assertThat(value(challenge)).contains(",response=\"" + response + "\"");
  }

  @Test
  void value_quotesWhatIsToBeQuotedAndNothingElse() {
    assertThat(value(challenge(Optional.of("MD5"), true)))
        .startsWith("Digest username=\"ann\",realm=\"ex \\\"a\\\" mple\",nonce=\"n0nce\"")
        .contains(
            ",uri=\"sip:bob@example.org\"",
            ",algorithm=MD5",
            ",cnonce=\"c0nce\",qop=auth,nc=00000001",
            ",opaque=\"op\"");
    assertThat(value(challenge(Optional.empty(), false))).doesNotContain("algorithm", "qop", "nc=");
  }

  private static Optional<Challenge> read(String value) throws Exception {
    return Challenge.of(
        (WWWAuthenticateHeader)
            SipFactory.getInstance().createHeaderFactory().createHeader("WWW-Authenticate", value));
  }

  @Test
  void challenge_asSent_isRead() throws Exception {
    Challenge read =
        read("Digest realm=\"r\", nonce=\"n\", qop=\"auth-int,auth\", algorithm=sha-256, stale=TRUE")
            .orElseThrow();
    assertThat(read)
        .isEqualTo(new Challenge("r", "n", Optional.of("SHA-256"), true, Optional.empty(), true));
    assertThat(read.isStrong()).isTrue();
    assertThat(read("Digest realm=\"r\", nonce=\"n\"").orElseThrow().auth()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"",
        "Digest realm=\"r\", nonce=\"n\", algorithm=MD5-sess",
        "Digest realm=\"r\"",
        "Basic realm=\"r\""
      })
  void challenge_ofAnotherKind_isNotAnswered(String value) throws Exception {
    assertThat(read(value)).isEmpty();
  }
}
