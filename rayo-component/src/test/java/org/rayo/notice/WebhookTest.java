package org.rayo.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.notice.NoticeFixture.ALL;
import static org.rayo.notice.NoticeFixture.SHORT;
import static org.rayo.notice.NoticeFixture.await;
import static org.rayo.notice.NoticeFixture.awaitThat;
import static org.rayo.notice.NoticeFixture.notice;
import static org.rayo.notice.NoticeFixture.stored;
import static org.rayo.notice.NoticeFixture.webhook;
import static org.rayo.notice.NoticeFixture.webhooks;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.config.NoticesConfig;
import org.rayo.config.NoticesConfig.Event;
import org.rayo.config.Secret;

/** Webhooks against a real receiver. */
@Timeout(120)
final class WebhookTest {

  @TempDir Path spool;
  private HookReceiver receiver;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    receiver = new HookReceiver();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    receiver.close();
  }

  private SpooledNotices notices(NoticesConfig config) throws NoticeException {
    SpooledNotices notices = new SpooledNotices(config, spool, SHORT);
    open.add(0, notices);
    return notices;
  }

  private static byte[] hmac(String secret, byte[] text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return mac.doFinal(text);
  }

  @Test
  void publish_withSecret_postsTheJsonSigned() throws Exception {
    NoticesConfig.Webhook hook =
        new NoticesConfig.Webhook(
            URI.create(receiver.url() + "?room=1"),
            new Secret("hüsh"),
            ALL,
            Duration.ofSeconds(10),
            Map.of("X-Api-Key", new Secret("k"), "Authorization", new Secret("Bearer t")));
    Notice notice = notice(NoticeKind.RECORDING_STORED, "r1", "a\r\nX-Evil: 1", Map.of());
    long before = Instant.now().getEpochSecond();

    notices(webhooks(hook)).publish(notice);

    HookReceiver.Received got = receiver.taken();
    assertThat(got.method()).isEqualTo("POST");
    assertThat(got.path()).isEqualTo("/hook?room=1");
    assertThat(got.body().getBytes(StandardCharsets.UTF_8)).isEqualTo(NoticeJson.bytes(notice));
    assertThat(got.header("Content-Type")).isEqualTo("application/json");
    assertThat(got.header("X-Rayo-Event")).isEqualTo("recording-stored");
    assertThat(got.header("X-Rayo-Delivery")).isEqualTo("r1.recording-stored.local");
    assertThat(got.header("X-Api-Key")).isEqualTo("k");
    assertThat(got.header("Authorization")).isEqualTo("Bearer t");
    assertThat(got.header("X-Evil")).isEmpty();
    String timestamp = got.header("X-Rayo-Timestamp");
    assertThat(Long.parseLong(timestamp)).isBetween(before, Instant.now().getEpochSecond());
    byte[] signed = hmac("hüsh", (timestamp + "." + got.body()).getBytes(StandardCharsets.UTF_8));
    assertThat(got.header("X-Rayo-Signature"))
        .isEqualTo("sha256=" + HexFormat.of().formatHex(signed));
  }

  @Test
  void publish_withoutSecret_isNotSigned() throws Exception {
    notices(webhooks(webhook(receiver.url()))).publish(stored("r"));

    assertThat(receiver.taken().header("X-Rayo-Signature")).isEmpty();
  }

  @Test
  void publish_eventsThatAreNotWanted_areNotTold() throws Exception {
    NoticesConfig.Webhook hook =
        new NoticesConfig.Webhook(
            receiver.url(),
            Secret.NONE,
            Set.of(Event.RECORDING_FAILED),
            Duration.ofSeconds(5),
            Map.of());
    SpooledNotices notices = notices(webhooks(hook));

    await(notices.publishDurably(stored("r")));
    await(notices.publishDurably(notice(NoticeKind.RECORDING_FAILED, "r")));

    assertThat(receiver.taken().notice().kind()).isEqualTo(NoticeKind.RECORDING_FAILED);
    assertThat(receiver.takenSoFar()).isZero();
  }

  @Test
  void tell_error500ThenTimeout_isToldAgainWithTheSameIdAndBody() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    receiver.answer(
        (exchange, received) -> {
          int nth = tries.incrementAndGet();
          if (nth == 2) {
            boolean unused = end.await(HookReceiver.PATIENCE_SECONDS, TimeUnit.SECONDS);
          }
          return nth == 1 ? 500 : nth <= 3 ? 404 : 200;
        });
    SpooledNotices notices = notices(webhooks(webhook(receiver.url(), Duration.ofMillis(300))));

    await(notices.publishDurably(stored("r")));

    HookReceiver.Received first = receiver.refused();
    HookReceiver.Received last = receiver.taken();
    end.countDown();
    assertThat(tries.get()).isGreaterThanOrEqualTo(4);
    assertThat(last.body()).isEqualTo(first.body());
    assertThat(last.header("X-Rayo-Delivery")).isEqualTo(first.header("X-Rayo-Delivery"));
    awaitThat("all told", () -> notices.counters().queued() == 0);
    assertThat(notices.counters().failures()).isGreaterThanOrEqualTo(3);
    assertThat(notices.counters().told()).isEqualTo(1);
  }

  @Test
  void tell_refusedConnections_isToldOnceTheReceiverIsThere() throws Exception {
    int port = receiver.port();
    URI url = receiver.url();
    receiver.close();
    SpooledNotices notices = notices(webhooks(webhook(url)));
    for (int i = 0; i < 20; i++) {
      await(notices.publishDurably(stored("r" + i)));
    }
    awaitThat("some failures", () -> notices.counters().failures() >= 8);
    assertThat(notices.counters().queued()).isEqualTo(20);

    receiver = new HookReceiver(port);

    for (int i = 0; i < 20; i++) {
      assertThat(receiver.taken().notice().recordingId()).startsWith("r");
    }
    awaitThat("all told", () -> notices.counters().queued() == 0);
  }

  @Test
  void tell_410_dropsTheNoticeAtOnce() throws Exception {
    receiver.answer((exchange, received) -> 410);
    SpooledNotices notices = notices(webhooks(webhook(receiver.url())));

    await(notices.publishDurably(stored("r")));

    assertThat(receiver.refused().notice()).isEqualTo(stored("r"));
    awaitThat("dropped", () -> notices.counters().dropped() == 1);
    awaitThat("forgotten", () -> notices.counters().queued() == 0);
    assertThat(notices.counters().failures()).isZero();
    assertThat(receiver.refusedSoFar()).isZero();
  }

  @Test
  void tell_redirect_isNotFollowedAndToldAgain() throws Exception {
    try (HookReceiver elsewhere = new HookReceiver()) {
      AtomicInteger tries = new AtomicInteger();
      receiver.answer(
          (exchange, received) -> {
            exchange.getResponseHeaders().set("Location", elsewhere.url().toString());
            int[] statuses = {301, 302, 303, 307, 308};
            int n = tries.getAndIncrement();
            return n < statuses.length ? statuses[n] : 200;
          });

      notices(webhooks(webhook(receiver.url()))).publish(stored("r"));

      assertThat(receiver.taken().notice()).isEqualTo(stored("r"));
      assertThat(tries.get()).isEqualTo(6);
      assertThat(elsewhere.takenSoFar()).isZero();
    }
  }

  @Test
  void tell_retryAfter_isHonoured() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    receiver.answer(
        (exchange, received) -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          return tries.incrementAndGet() == 1 ? 429 : 200;
        });
    SpooledNotices notices = notices(webhooks(webhook(receiver.url())));
    notices.publish(stored("r1"));
    receiver.refused();
    long refusedNanos = System.nanoTime();
    awaitThat("the refusal is known", () -> notices.counters().failures() == 1);

    // It speaks for the receiver, whatever is told.
    notices.publish(stored("r2"));
    receiver.taken();

    assertThat(System.nanoTime() - refusedNanos).isGreaterThanOrEqualTo(1_000_000_000L);
    receiver.taken();
  }

  @Test
  void tell_manyOfEachRecording_keepsTheOrderOfEach() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    receiver.answer((exchange, received) -> tries.incrementAndGet() % 7 == 3 ? 500 : 200);
    SpooledNotices notices = notices(webhooks(webhook(receiver.url())));
    int recordings = 25;
    for (NoticeKind kind : NoticeKind.values()) {
      for (int i = 0; i < recordings; i++) {
        notices.publish(notice(kind, "r" + i));
      }
    }

    Map<String, List<NoticeKind>> got = new TreeMap<>();
    for (int i = 0; i < recordings * NoticeKind.values().length; i++) {
      Notice notice = receiver.taken().notice();
      got.computeIfAbsent(notice.recordingId(), r -> new ArrayList<>()).add(notice.kind());
    }
    assertThat(got)
        .hasSize(recordings)
        .allSatisfy((id, kinds) -> assertThat(kinds).containsExactly(NoticeKind.values()));
  }

  @Test
  void tell_oneRecordingThatAlwaysFails_holdsUpNoOther() throws Exception {
    receiver.answer(
        (exchange, received) -> received.notice().recordingId().equals("bad") ? 500 : 200);
    SpooledNotices notices = notices(webhooks(webhook(receiver.url())));
    notices.publish(stored("bad"));
    for (int i = 0; i < 50; i++) {
      notices.publish(stored("good" + i));
    }

    for (int i = 0; i < 50; i++) {
      assertThat(receiver.taken().notice().recordingId()).startsWith("good");
    }
    awaitThat("only the bad one waits", () -> notices.counters().queued() == 1);
  }

  @Test
  void tell_slowReceiver_doesNotDelayAnother() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    receiver.answer(
        (exchange, received) -> {
          boolean unused = end.await(HookReceiver.PATIENCE_SECONDS * 2, TimeUnit.SECONDS);
          return 200;
        });
    try (HookReceiver quick = new HookReceiver()) {
      SpooledNotices notices =
          notices(webhooks(webhook(receiver.url(), Duration.ofMinutes(5)), webhook(quick.url())));
      for (int i = 0; i < 100; i++) {
        await(notices.publishDurably(stored("r" + i)));
      }

      for (int i = 0; i < 100; i++) {
        quick.taken();
      }
      assertThat(receiver.takenSoFar()).isZero();
      awaitThat("the slow one's wait", () -> notices.counters().queued() == 100);
      end.countDown();
    }
  }

  /** An answer without end, from a receiver that would like to keep the connection. */
  @Test
  void tell_endlessBodyOfTheAnswer_isBrokenOff() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread endless =
          new Thread(
              () -> {
                while (!server.isClosed()) {
                  try (var socket = server.accept()) {
                    connections.incrementAndGet();
                    byte[] request = new byte[8192];
                    int unused = socket.getInputStream().read(request);
                    OutputStream out = socket.getOutputStream();
                    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    while (true) {
                      out.write(request);
                    }
                  } catch (IOException e) {
                    // The other side has had enough, as it should.
                  }
                }
              });
      endless.setDaemon(true);
      endless.start();
      URI url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
      SpooledNotices notices = notices(webhooks(webhook(url)));

      for (int i = 0; i < 5; i++) {
        await(notices.publishDurably(stored("r" + i)));
      }

      awaitThat("all told", () -> notices.counters().told() == 5);
      assertThat(connections.get()).isEqualTo(5);
    }
  }

  /** An answer that comes a byte at a time keeps nobody for longer than the timeout. */
  @Test
  void tell_tricklingBodyOfTheAnswer_isBrokenOffInTime() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    receiver.answer(
        (exchange, received) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('.');
          exchange.getResponseBody().flush();
          boolean unused = end.await(HookReceiver.PATIENCE_SECONDS * 2, TimeUnit.SECONDS);
          return 200;
        });
    SpooledNotices notices = notices(webhooks(webhook(receiver.url(), Duration.ofSeconds(1))));
    for (int i = 0; i < 6; i++) {
      notices.publish(stored("r" + i));
    }

    awaitThat("all told", () -> notices.counters().told() == 6);
    end.countDown();
  }

  @Test
  void tell_longerThanKept_isDropped() throws Exception {
    receiver.answer((exchange, received) -> 500);
    SpooledNotices notices =
        notices(
            new NoticesConfig(
                NoticeFixture.NO_JOBS,
                List.of(webhook(receiver.url())),
                Duration.ofMillis(300),
                1000));
    for (int i = 0; i < 30; i++) {
      notices.publish(stored("r" + i));
    }

    awaitThat("dropped", () -> notices.counters().dropped() == 30);
    assertThat(notices.counters().queued()).isZero();
  }
}
