package org.rayo.media.output;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;

@Timeout(60)
final class HttpFilesTest {

  private static final byte[] BODY = {1, 2, 3, 4};
  private static final String CHUNKS =
      """
      HTTP/1.1 100 Continue

      HTTP/1.1 200 OK
      Transfer-Encoding: chunked

      2;x=y
      \001\002
      02
      \003\004
      0

      """;

  @TempDir Path directory;
  private final Watchdog watchdog = new Watchdog();

  @AfterEach
  void close() {
    watchdog.close();
  }

  private HttpFiles files(AddressRules rules, Duration whole) {
    return new HttpFiles(
        rules,
        new HttpFiles.Limits(1000, Duration.ofSeconds(5), whole),
        watchdog,
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        InetAddress::getAllByName);
  }

  private HttpFiles open() {
    return files(new AddressRules(InetAddress::isLoopbackAddress), Duration.ofSeconds(20));
  }

  private static URI uri(RawServer server, String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static byte[] body(HttpFiles files, URI uri) throws MediaException {
    return files.fetch(uri, HttpVersion.NONE).body().orElseThrow();
  }

  private static MediaException failure(HttpFiles files, URI uri) {
    MediaException e =
        catchThrowableOfType(MediaException.class, () -> files.fetch(uri, HttpVersion.NONE));
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void fetch_lengthChunksOrClose_bringTheBody() throws Exception {
    try (RawServer length = RawServer.saying("HTTP/1.1 200 OK\nContent-Length: 4\n\n", BODY);
        RawServer close = RawServer.saying("HTTP/1.0 200 OK\n\n", BODY);
        RawServer chunks = RawServer.saying(CHUNKS, new byte[0])) {
      assertThat(body(open(), uri(length, "/a?b=c%20d"))).isEqualTo(BODY);
      assertThat(body(open(), uri(close, ""))).isEqualTo(BODY);
      assertThat(body(open(), uri(chunks, "/"))).isEqualTo(BODY);

      assertThat(length.requests.get(0))
          .startsWith("GET /a?b=c%20d HTTP/1.1\nHost: 127.0.0.1:" + length.port() + "\n");
      assertThat(close.requests.get(0)).startsWith("GET / HTTP/1.1\n");
    }
  }

  @Test
  void fetch_knownVersion_isAskedFor() throws Exception {
    try (RawServer server =
        RawServer.saying("HTTP/1.1 304 Not Modified\nCache-Control: max-age=60\n\n", new byte[0])) {
      HttpVersion known = new HttpVersion(Optional.of("\"x\""), Optional.of("Tue, 1 Jan"));

      HttpFiles.Fetched fetched = open().fetch(uri(server, "/"), known);

      assertThat(fetched.body()).isEmpty();
      assertThat(fetched.fresh()).isEqualTo(Duration.ofSeconds(60));
      assertThat(server.requests.get(0))
          .contains("If-None-Match: \"x\"\n", "If-Modified-Since: Tue, 1 Jan\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "017700000001",
        "0.0.0.0",
        "0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[fe80::1]",
        "[fd00::1]",
        "100.64.0.1"
      })
  void fetch_addressOfOurs_isRefusedInEverySpelling(String host) throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\n\n", BODY)) {
      HttpFiles closed = files(new AddressRules(address -> false), Duration.ofSeconds(20));

      MediaException e = failure(closed, URI.create("http://" + host + ":" + server.port() + "/a"));

      assertThat(server.requests).isEmpty();
      assertThat(e).hasMessageMatching(".*(not permitted|not valid|not known).*");
    }
  }

  @Test
  void fetch_nameThatIsResolvedAnew_isCheckedWhereItIsConnected() throws Exception {
    InetAddress harmless = InetAddress.getByName("127.0.0.2");
    AtomicInteger asked = new AtomicInteger();
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\n\n", BODY)) {
      HttpFiles rebound =
          new HttpFiles(
              new AddressRules(harmless::equals),
              new HttpFiles.Limits(1000, Duration.ofMillis(200), Duration.ofSeconds(1)),
              watchdog,
              (SSLSocketFactory) SSLSocketFactory.getDefault(),
              host ->
                  InetAddress.getAllByName(
                      asked.getAndIncrement() == 0 ? "127.0.0.2" : "127.0.0.1"));

      failure(rebound, URI.create("http://evil.test:" + server.port() + "/"));

      assertThat(asked).hasValue(1);
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void fetch_addressThatIsNotReached_isFollowedByTheNext() throws Exception {
    try (RawServer server = RawServer.saying("HTTP/1.1 200 OK\n\n", BODY)) {
      HttpFiles files =
          new HttpFiles(
              new AddressRules(InetAddress::isLoopbackAddress),
              new HttpFiles.Limits(1000, Duration.ofSeconds(5), Duration.ofSeconds(20)),
              watchdog,
              (SSLSocketFactory) SSLSocketFactory.getDefault(),
              host ->
                  new InetAddress[] {
                    InetAddress.getByName("10.0.0.1"),
                    InetAddress.getByName("127.0.0.9"),
                    InetAddress.getLoopbackAddress()
                  });

      assertThat(body(files, URI.create("http://several.test:" + server.port() + "/")))
          .isEqualTo(BODY);
    }
  }

  @Test
  void fetch_redirects_areFollowedThreeTimes() throws Exception {
    AtomicInteger count = new AtomicInteger();
    AtomicInteger redirects = new AtomicInteger();
    try (RawServer server =
        new RawServer(
            out -> {
              String head =
                  count.getAndIncrement() < redirects.get()
                      ? "HTTP/1.1 302 Found\r\nLocation: /next\r\n\r\n"
                      : "HTTP/1.1 200 OK\r\n\r\nabcd";
              out.write(head.getBytes(US_ASCII));
            })) {
      redirects.set(3);
      assertThat(body(open(), uri(server, "/"))).hasSize(4);
      assertThat(server.requests.get(3)).startsWith("GET /next ");

      count.set(0);
      redirects.set(4);
      assertThat(failure(open(), uri(server, "/"))).hasMessageContaining("more than 3 redirects");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:1/", "http://10.0.0.1/", "//127.0.0.1/x", "http://0x7f.1/",
        "file:///etc/passwd", "ftp://example.org/", "http://a b/", "http://user:pw@127.0.0.2:1/"
      })
  void fetch_redirectToWhatIsNotPermitted_isRefused(String to) throws Exception {
    InetAddress only = InetAddress.getByName("127.0.0.2");
    try (RawServer server =
        new RawServer(
            new ServerSocket(0, 50, only),
            out ->
                out.write(
                    ("HTTP/1.1 301 Moved\r\nLocation: " + to + "\r\n\r\n").getBytes(US_ASCII)))) {
      HttpFiles files = files(new AddressRules(only::equals), Duration.ofSeconds(20));

      MediaException e = failure(files, URI.create("http://127.0.0.2:" + server.port() + "/"));

      assertThat(e.fault()).isEqualTo(Fault.REFUSED);
      assertThat(server.requests).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 404 Not Found~~ | REFUSED | answered 404",
        "HTTP/1.1 500 Oops~~ | FAILED | answered 500",
        "HTTP/1.1 302 Found~~ | REFUSED | redirects to nowhere",
        "HTTP/1.1 200 OK~Content-Length: 5000000000~~ | REFUSED | larger than 1000 bytes",
        "HTTP/1.1 200 OK~Content-Length: -1~~ | FAILED | not a number",
        "HTTP/1.1 200 OK~Content-Length: 900~~ | FAILED | ends early",
        "HTTP/1.1 200 OK~Content-Encoding: gzip~~ | FAILED | was not asked for",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~zz~ | FAILED | no size",
        "HTTP/1.1 200 OK~Transfer-Encoding: chunked~~ffffffffffff~ | FAILED | ends early",
        "SSH-2.0-OpenSSH~ | FAILED | not HTTP",
        "'' | FAILED | ends early"
      })
  void fetch_badAnswer_fails(String answer, Fault fault, String why) throws Exception {
    try (RawServer server = RawServer.saying(answer.strip().replace('~', '\n'), new byte[0])) {
      MediaException e = failure(open(), uri(server, "/a?token=secret"));

      assertThat(e).hasMessageContaining(why);
      assertThat(e.fault()).isEqualTo(fault);
      assertThat(e.getMessage()).doesNotContain("secret");
    }
  }

  @Test
  void fetch_endlessHeadOrBody_isRefused() throws Exception {
    try (RawServer head =
            new RawServer(
                out -> {
                  out.write("HTTP/1.1 200 OK\r\n".getBytes(US_ASCII));
                  while (true) {
                    out.write("X: y\r\n".repeat(100).getBytes(US_ASCII));
                  }
                });
        RawServer body =
            new RawServer(
                out -> {
                  out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(US_ASCII));
                  while (true) {
                    out.write(new byte[1000]);
                  }
                })) {
      assertThat(failure(open(), uri(head, "/"))).hasMessageContaining("head is too large");
      assertThat(failure(open(), uri(body, "/"))).hasMessageContaining("larger than 1000 bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", "HTTP/1.1 2", ""})
  void fetch_slowDrip_isOverInTime(String first) throws Exception {
    try (RawServer server =
        new RawServer(
            out -> {
              out.write(first.getBytes(US_ASCII));
              while (true) {
                out.write(' ');
                out.flush();
                Thread.sleep(50);
              }
            })) {
      HttpFiles files =
          files(new AddressRules(InetAddress::isLoopbackAddress), Duration.ofMillis(500));

      assertThat(failure(files, uri(server, "/"))).hasMessageContaining("within 500 ms");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:password@127.0.0.1/",
        "ftp://127.0.0.1/",
        "http:opaque",
        "http:///a",
        "http://127.0.0.1:99999/",
        "http://under_score/"
      })
  void fetch_oddUri_isRefused(String uri) {
    MediaException e = failure(open(), URI.create(uri));

    assertThat(e.fault()).isEqualTo(Fault.REFUSED);
    assertThat(e.getMessage()).doesNotContain("password");
  }

  @Test
  void fetch_overTls_checksTheNameOfTheServer() throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=good.test",
                "-ext",
                "san=dns:good.test",
                "-keystore",
                store.toString(),
                "-storepass",
                "secret",
                "-storetype",
                "PKCS12")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("said").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "secret".toCharArray());
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("a", keys.getCertificate("a"));
    trusted.init(trust);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    ServerSocket socket = tls.getServerSocketFactory().createServerSocket(0, 50, loopback);
    try (RawServer server =
        new RawServer(socket, out -> out.write("HTTP/1.1 200 OK\r\n\r\nabc".getBytes(US_ASCII)))) {
      HttpFiles files =
          new HttpFiles(
              new AddressRules(InetAddress::isLoopbackAddress),
              new HttpFiles.Limits(1000, Duration.ofSeconds(5), Duration.ofSeconds(20)),
              watchdog,
              tls.getSocketFactory(),
              host -> new InetAddress[] {loopback});

      URI good = URI.create("https://good.test:" + server.port() + "/");
      assertThat(body(files, good)).hasSize(3);
      URI other = URI.create("https://other.test:" + server.port() + "/");
      assertThat(failure(files, other).fault()).isEqualTo(Fault.FAILED);
      assertThat(server.requests).hasSize(1);
    }
  }
}
