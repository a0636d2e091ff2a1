package org.rayo.notice;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.rayo.config.NoticesConfig;
import org.rayo.config.Secret;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An address that notices are posted to, signed if there is a secret. Redirects are not followed,
 * and what the receiver answers beside its status is not read. Thread safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15">RFC 9110, status codes</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104, HMAC</a>
 */
final class Webhook implements Sink {

  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final int GONE = 410;
  private static final long IDLE_SECONDS = 5;

  private final NoticesConfig.Webhook settings;
  private final Clock clock;
  private final HttpClient client;

  Webhook(NoticesConfig.Webhook settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    if (settings.tellsSecretsInTheClear()) {
      LOG.warn("{} gets its headers over http, where others can read them", settings.origin());
    }
    Executor threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "rayo-webhook");
              thread.setDaemon(true);
              return thread;
            });
    client =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.timeout())
            .build();
  }

  @Override
  public Outcome tell(Notice notice, byte[] json) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + settings.timeout().toNanos();
    DiscardedBody body = new DiscardedBody();
    try {
      // Not sendAsync, which brings its answer through the common pool.
      HttpResponse<Boolean> answer = client.send(request(notice, json), head -> body);
      body.awaitEnd(deadlineNanos - System.nanoTime());
      return outcome(answer.statusCode(), answer.headers());
    } catch (HttpTimeoutException e) {
      return Outcome.later("has not answered within " + settings.timeout().toMillis() + " ms");
    } catch (ConnectException e) {
      return Outcome.later("cannot be connected to");
    } catch (IOException e) {
      // Its message may quote what the receiver has sent.
      return Outcome.later("has not answered: " + e.getClass().getSimpleName());
    }
  }

  private HttpRequest request(Notice notice, byte[] json) {
    long seconds = clock.instant().getEpochSecond();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(settings.url())
            .timeout(settings.timeout())
            .POST(BodyPublishers.ofByteArray(json))
            .header("Content-Type", "application/json")
            .header("X-Rayo-Event", notice.kind().token())
            .header("X-Rayo-Delivery", notice.id())
            .header("X-Rayo-Timestamp", Long.toString(seconds));
    settings.headers().forEach((name, value) -> request.setHeader(name, value.reveal()));
    if (!settings.secret().isEmpty()) {
      request.header("X-Rayo-Signature", "sha256=" + signature(settings.secret(), seconds, json));
    }
    return request.build();
  }

  /** In hexadecimal, of {@code <timestamp>.<body>}. */
  static String signature(Secret secret, long seconds, byte[] json) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(json));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  private Outcome outcome(int status, HttpHeaders headers) {
    if (status >= 200 && status < 300) {
      return Outcome.TOLD;
    }
    String why = "has answered " + status;
    if (status == GONE) {
      return new Outcome(Answer.UNWANTED, why, Optional.empty());
    }
    return new Outcome(
        Answer.LATER, why, headers.firstValue("Retry-After").flatMap(this::retryAfter));
  }

  /**
   * Seconds, or a date.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110, 10.2.3</a>
   */
  private Optional<Duration> retryAfter(String value) {
    String text = value.strip();
    if (text.matches("\\d{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      Duration wait = Duration.between(clock.instant(), then);
      return wait.isNegative() ? Optional.empty() : Optional.of(wait);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The client goes with its last reference, for Java 17 cannot close it; its threads end idle. */
  @Override
  public void close() {
    LOG.debug("{} is told no more", settings);
  }
}
