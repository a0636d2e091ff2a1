package org.rayo.storage.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoreSettings;

final class TlsFailureTest {

  /** Its certificate is signed by nobody. */
  @RegisterExtension
  static final WireMockExtension selfSigned =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().dynamicHttpsPort().bindAddress("127.0.0.1"))
          .build();

  @TempDir Path spool;

  private static <T extends Throwable> T causedBy(T failure, Throwable cause) {
    failure.initCause(cause);
    return failure;
  }

  @Test
  void lasts_certificateOrHandshake_isSo() {
    assertThat(TlsFailure.lasts(new SSLHandshakeException("no cipher in common"))).isTrue();
    assertThat(TlsFailure.lasts(new SSLPeerUnverifiedException("another name"))).isTrue();
    assertThat(
            TlsFailure.lasts(
                causedBy(new SSLHandshakeException("x"), new CertificateExpiredException())))
        .isTrue();
  }

  @Test
  void lasts_brokenConnection_isNotSo() {
    assertThat(TlsFailure.lasts(new SSLException("Connection reset"))).isFalse();
    assertThat(TlsFailure.lasts(new SSLProtocolException("bad record"))).isFalse();
    assertThat(TlsFailure.lasts(causedBy(new SSLException("x"), new SocketException("reset"))))
        .isFalse();
    assertThat(
            TlsFailure.lasts(
                causedBy(
                    new SSLHandshakeException("Remote host terminated the handshake"),
                    new EOFException("SSL peer shut down incorrectly"))))
        .isFalse();
    assertThat(TlsFailure.lasts(new IOException("closed"))).isFalse();
  }

  private StorageException failed(int port) throws Exception {
    Path path = Files.write(spool.resolve("audio"), new byte[1_000]);
    RecordingFile file = new RecordingFile("rec-1", path, "a.mp3", "audio/mpeg", Map.of());
    String url = "https://127.0.0.1:" + port + "/r";
    try (RecordingStore store =
        new HttpRecordingStoreProvider()
            .create(StoreSettings.of("far", Map.of("type", "http", "url", url)))) {
      return catchThrowableOfType(StorageException.class, () -> store.begin(file).finish());
    }
  }

  @Test
  void finish_certificateThatNobodySigned_isConfiguration() throws Exception {
    StorageException thrown = failed(selfSigned.getHttpsPort());

    assertThat(thrown.fault()).isEqualTo(Fault.CONFIGURATION);
    assertThat(thrown).hasMessageContaining("no secure connection");
  }

  @ParameterizedTest
  @EnumSource(com.github.tomakehurst.wiremock.http.Fault.class)
  void finish_connectionThatBreaksAfterTheHandshake_canBeTriedAgain(
      com.github.tomakehurst.wiremock.http.Fault fault) throws Exception {
    selfSigned.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
    SSLContext before = SSLContext.getDefault();
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, new TrustManager[] {new TrustsAll()}, null);
    SSLContext.setDefault(trusting);
    try {
      assertThat(failed(selfSigned.getHttpsPort()).fault()).isEqualTo(Fault.UNAVAILABLE);
    } finally {
      SSLContext.setDefault(before);
    }
    selfSigned.verify(2, anyRequestedFor(anyUrl()));
  }

  /** For this test's server, which nobody has signed. */
  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
