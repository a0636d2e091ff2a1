package org.rayo.storage.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.headRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;

/** What the store asks for afterwards, and what it makes of the answers. */
final class HttpVerifyTest extends MisbehavingReceiver {

  private static void showing(String length, String digest) {
    receiver.stubFor(
        head(urlEqualTo(PATH))
            .willReturn(
                okForContentType("audio/mpeg", "")
                    .withHeader("Content-Length", length)
                    .withHeader("Repr-Digest", digest)));
  }

  @Test
  void finish_verifiedAsByDefault_asksForSizeAndChecksum() throws Exception {
    answer(ok());
    showing("200000", "sha-256=:" + sha256Base64() + ":");
    assertThat(stored("verify", "").sizeBytes()).isEqualTo(200_000);
    receiver.verify(1, headRequestedFor(urlEqualTo(PATH)));

    showing("199999", "");
    assertThat(failed("verify", "head"))
        .hasMessageContaining("has 199999 bytes instead of 200000")
        .extracting(StorageException::fault)
        .isEqualTo(Fault.CORRUPTED);

    showing("200000", "sha-256=:" + "A".repeat(43) + "=:");
    assertThat(failed("verify", "head").fault()).isEqualTo(Fault.CORRUPTED);

    receiver.stubFor(head(anyUrl()).willReturn(aResponse().withStatus(404)));
    assertThat(failed("verify", "head").fault()).isEqualTo(Fault.CORRUPTED);

    receiver.stubFor(head(anyUrl()).willReturn(aResponse().withStatus(503)));
    assertThat(failed("verify", "head").fault()).isEqualTo(Fault.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({"400", "403", "405", "413", "501"})
  void finish_receiverThatCannotBeAsked_isToldWhatToSet(int status) {
    answer(ok());
    receiver.stubFor(head(anyUrl()).willReturn(aResponse().withStatus(status)));

    StorageException thrown = failed("verify", "head");

    assertThat(thrown.fault()).isEqualTo(Fault.CONFIGURATION);
    assertThat(thrown)
        .hasMessage(
            "rayo.storage.stores.far.verify = \"head\": HEAD "
                + receiver.baseUrl()
                + PATH
                + " answered "
                + status
                + "; a receiver that cannot be asked needs verify = none");
  }

  @Test
  void finish_receiverThatDoesNotTellTheSize_isToldWhatToSet() {
    answer(ok());

    assertThat(failed("verify", "head"))
        .hasMessageEndingWith(
            " does not tell its Content-Length; a receiver that cannot be asked needs verify = none");
  }

  @Test
  void finish_accepted_isAskedForUntilItIsThere() throws Exception {
    receiver.stubFor(put(urlEqualTo(PATH)).willReturn(aResponse().withStatus(202)));
    receiver.stubFor(
        head(urlEqualTo(PATH))
            .inScenario("later")
            .willReturn(aResponse().withStatus(404))
            .willSetStateTo("partly"));
    receiver.stubFor(
        head(urlEqualTo(PATH))
            .inScenario("later")
            .whenScenarioStateIs("partly")
            .willReturn(ok().withHeader("Content-Length", "100"))
            .willSetStateTo("there"));
    receiver.stubFor(
        head(urlEqualTo(PATH))
            .inScenario("later")
            .whenScenarioStateIs("there")
            .willReturn(ok().withHeader("Content-Length", "200000")));

    assertThat(stored("verify", "head").sizeBytes()).isEqualTo(200_000);

    receiver.verify(3, headRequestedFor(urlEqualTo(PATH)));
    receiver.verify(1, putRequestedFor(urlEqualTo(PATH)));
  }

  @Test
  void finish_acceptedAndNeverThere_canBeTriedAgain() {
    receiver.stubFor(put(urlEqualTo(PATH)).willReturn(aResponse().withStatus(202)));
    receiver.stubFor(head(urlEqualTo(PATH)).willReturn(aResponse().withStatus(404)));

    StorageException thrown = failed("verify", "head", "timeout", "3s");

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown)
        .hasMessage(
            receiver.baseUrl() + PATH + " was accepted (202), but not stored within 3000 ms");
  }

  @Test
  void close_whileAnAcceptedRecordingIsWaitedFor_endsTheWait() throws Exception {
    receiver.stubFor(put(urlEqualTo(PATH)).willReturn(aResponse().withStatus(202)));
    receiver.stubFor(head(urlEqualTo(PATH)).willReturn(aResponse().withStatus(404)));
    RecordingStore store = store("verify", "head", "timeout", "1h");
    Upload upload = store.begin(file);
    FutureTask<StoredRecording> finishing = new FutureTask<>(upload::finish);
    new Thread(finishing).start();
    while (receiver.findAll(headRequestedFor(urlEqualTo(PATH))).isEmpty()) {
      Thread.onSpinWait();
    }

    store.close();

    assertThat(
            catchThrowableOfType(
                ExecutionException.class, () -> finishing.get(20, TimeUnit.SECONDS)))
        .hasCauseInstanceOf(StorageException.class)
        .hasMessageContaining("given up");
  }
}
