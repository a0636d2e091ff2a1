package org.rayo.storage.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.headRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

/** Where redirects lead, and where they do not. */
final class HttpRedirectsTest extends MisbehavingReceiver {

  @Test
  void finish_redirectOnTheSameHost_keepsMethodBodyAndCredentials() throws Exception {
    receiver.stubFor(
        put(urlEqualTo(PATH)).willReturn(aResponse().withStatus(307).withHeader("Location", "/n")));
    receiver.stubFor(put(urlEqualTo("/n")).willReturn(ok()));

    assertThat(stored().uri()).isEqualTo(URI.create(receiver.baseUrl() + PATH));

    receiver.verify(
        putRequestedFor(urlEqualTo("/n"))
            .withRequestBody(binaryEqualTo(audio))
            .withHeader("Authorization", equalTo("Bearer hush-hush"))
            .withHeader("X-Api-Key", equalTo("open-sesame")));
  }

  @ParameterizedTest
  @CsvSource({"301", "302", "307", "308"})
  void finish_redirectToAnotherHost_takesTheRecordingAndNoCredentials(int status) throws Exception {
    answer(aResponse().withStatus(status).withHeader("Location", other.baseUrl() + "/n?sig=1"));
    other.stubFor(put(urlEqualTo("/n?sig=1")).willReturn(ok()));

    assertThat(stored().sizeBytes()).isEqualTo(audio.length);

    other.verify(
        putRequestedFor(urlEqualTo("/n?sig=1"))
            .withRequestBody(binaryEqualTo(audio))
            .withHeader("Content-Type", equalTo("audio/mpeg"))
            .withoutHeader("Authorization")
            .withoutHeader("X-Api-Key"));
  }

  @Test
  void finish_redirectLoop_endsAndCanBeTriedAgain() {
    answer(aResponse().withStatus(307).withHeader("Location", "/round"));

    StorageException thrown = failed();

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown).hasMessageContaining("more than 3 redirects");
    receiver.verify(4, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @CsvSource({"file:///etc/passwd", "ftp://a/b", "http://u:p@127.0.0.1/", "http:///x", "%%%"})
  void finish_redirectThatMayNotBeFollowed_isRefused(String location) {
    answer(aResponse().withStatus(307).withHeader("Location", location));

    assertThat(failed().fault()).isEqualTo(Fault.CONFIGURATION);
    receiver.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void next_fromHttpsToHttp_isRefused() {
    URI secure = URI.create("https://a.example/x");
    assertThat(
            catchThrowableOfType(
                    StorageException.class, () -> HttpTransport.next(secure, "http://a.example/y"))
                .fault())
        .isEqualTo(Fault.CONFIGURATION);
    assertThat(
            catchThrowableOfType(
                StorageException.class, () -> HttpTransport.next(secure, "//b.example/y")))
        .isNull();
  }

  /** RFC 9110 §15.4.4: what stands there is asked for, and nothing is sent to it. */
  @ParameterizedTest
  @CsvSource({"POST", "PUT"})
  void finish_seeOther_isAskedForAndNeverSentTo(String method) throws Exception {
    receiver.stubFor(
        any(urlEqualTo(PATH)).willReturn(aResponse().withStatus(303).withHeader("Location", "/n")));
    receiver.stubFor(head(urlEqualTo("/n")).willReturn(ok()));

    assertThat(stored("method", method, "uri", "location").uri())
        .isEqualTo(URI.create(receiver.baseUrl() + "/n"));

    receiver.verify(1, headRequestedFor(urlEqualTo("/n")));
    receiver.verify(1, anyRequestedFor(urlEqualTo("/n")));
    receiver.verify(1, anyRequestedFor(urlEqualTo(PATH)));
  }

  @Test
  void finish_seeOtherThatIsNotThere_isNoSuccess() {
    receiver.stubFor(
        any(urlEqualTo(PATH)).willReturn(aResponse().withStatus(303).withHeader("Location", "/n")));
    receiver.stubFor(any(urlEqualTo("/n")).willReturn(aResponse().withStatus(503)));

    StorageException thrown = failed("method", "POST");

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown).hasMessage("HEAD " + receiver.baseUrl() + "/n answered 503");
  }

  @Test
  void finish_seeOtherThatLooksLikeAnotherRecording_isNotBelieved() {
    receiver.stubFor(
        post(urlEqualTo(PATH))
            .willReturn(aResponse().withStatus(303).withHeader("Location", "/login")));
    receiver.stubFor(head(urlEqualTo("/login")).willReturn(ok().withHeader("Content-Length", "9")));
    receiver.stubFor(head(urlEqualTo(PATH)).willReturn(aResponse().withStatus(404)));

    assertThat(failed("method", "POST", "verify", "head").fault()).isEqualTo(Fault.CORRUPTED);
  }

  @Test
  void finish_postThatRedirectsToAPage_isNotTakenForStored() {
    answer(aResponse().withStatus(302).withHeader("Location", "/login"));

    assertThat(failed("method", "POST").fault()).isEqualTo(Fault.CONFIGURATION);
    receiver.verify(1, anyRequestedFor(anyUrl()));
  }
}
