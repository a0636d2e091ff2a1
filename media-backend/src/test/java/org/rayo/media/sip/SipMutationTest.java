package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaCall;

/** Damaged messages by the thousand, of which some are still good enough to begin a call. */
class SipMutationTest {
  private static final int MESSAGES = 12_000;
  private static final int BETWEEN_LOOKS = 40;
  private static final int MAX_CALLS = 50;
  private static final long MOST_HEAP = 96L << 20;

  private final Random random = new Random(3261);

  private String damaged(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(128);
        case 1 -> bytes[at] = bytes[random.nextInt(bytes.length)];
        case 2 -> {
          int from = random.nextInt(bytes.length);
          int count = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, count);
        }
        default -> bytes[at] = (byte) "\r\n:;,<>\"= %@".charAt(random.nextInt(12));
      }
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static long heapInUse() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void invites_thatCannotBeAnswered_takeNoRoom() throws Exception {
    Duration ring = Duration.ofMinutes(3);
    try (Backend backend = Backend.start(Backend.settings(ring, ring, 1))) {
      for (int i = 0; i < 20; i++) {
        try (SipCaller caller = SipCaller.udp(backend.port())) {
          String text = caller.text("INVITE", SipCaller.branch(), SipCaller.sdp(40000));
          caller.raw(text.replace("SIP/2.0/UDP", i % 2 == 0 ? "SIP/2.0/UDQ" : "SIP/2.0/TLS"));
        }
        try (Socket gone = new Socket(InetAddress.getLoopbackAddress(), backend.port());
            SipCaller caller = SipCaller.tcp(backend.port())) {
          String text = caller.text("INVITE", SipCaller.branch(), SipCaller.sdp(40000));
          gone.setSoLinger(true, 0); // closed by a reset
          gone.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        }
      }
      int status = 503;
      for (int i = 0; i < 50 && status == 503; i++) {
        rejectAll(backend);
        try (SipCaller caller = SipCaller.udp(backend.port())) {
          caller.invite();
          SipText answer = caller.next();
          status = answer.status();
        }
      }
      assertThat(status).isEqualTo(100);
    }
  }

  private static int rejectAll(Backend backend) throws Exception {
    int calls = 0;
    for (MediaCall call = backend.incoming.poll(); call != null; call = backend.incoming.poll()) {
      calls++;
      Listening.done(call.reject(MediaCall.RejectReason.BUSY, List.of()));
    }
    return calls;
  }

  @Test
  void messages_damaged_theEndpointGoesOnAndItsMemoryIsBounded() throws Exception {
    Duration ring = Duration.ofMinutes(3);
    try (ErrorLog log = new ErrorLog();
        Backend backend = Backend.start(Backend.settings(ring, ring, MAX_CALLS))) {
      long before = heapInUse();
      List<TortureCorpus.Message> corpus = TortureCorpus.all();
      int calls = 0;
      for (int i = 0; i < MESSAGES; i += BETWEEN_LOOKS) {
        try (SipCaller caller = SipCaller.udp(backend.port())) {
          for (int n = 0; n < BETWEEN_LOOKS; n++) {
            caller.raw(damaged(corpus.get(random.nextInt(corpus.size())).text().apply(caller)));
          }
          String branch = SipCaller.branch();
          caller.raw(caller.text("OPTIONS", branch, ""));
          SipText answer = caller.next();
          while (!answer.header("Via").contains(branch)) {
            answer = caller.next();
          }
          assertThat(answer.status()).isEqualTo(200);
        }
        calls += rejectAll(backend);
      }
      long more = heapInUse() - before;
      System.out.printf(
          "figure: SIP: %d damaged messages, %d of them calls, heap grown by %d KiB%n",
          MESSAGES, calls, more >> 10);
      assertThat(calls).isPositive();
      assertThat(more).isLessThan(MOST_HEAP);
      try (SipCaller caller = SipCaller.udp(backend.port())) {
        caller.invite();
        MediaCall call = backend.awaitCall();
        while (!call.signallingId().equals(caller.callId)) {
          Listening.done(call.reject(MediaCall.RejectReason.BUSY, List.of()));
          call = backend.awaitCall();
        }
        var answer = call.answer(List.of());
        caller.ack(caller.awaitStatus(200));
        Listening.done(answer);
      }
      assertThat(log.errors()).isEmpty();
    }
  }
}
