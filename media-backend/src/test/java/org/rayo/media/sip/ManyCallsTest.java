package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.rayo.media.sip.Listening.done;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent.EndReason;

class ManyCallsTest {

  private static final int CALLS = 200;

  @TempDir private Path directory;

  @Test
  void twoHundredCallsAtOnce_eachAnsweredAndEnded() throws Exception {
    try (Backend backend = Backend.start()) {
      List<SipCaller> callers = new ArrayList<>();
      Map<String, Listening> heard = new HashMap<>();
      long begin = System.nanoTime();
      for (int i = 0; i < CALLS; i++) {
        SipCaller caller = SipCaller.udp(backend.port());
        callers.add(caller);
        caller.invite();
      }
      List<CompletionStage<Void>> answers = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        MediaCall call = backend.awaitCall();
        heard.put(call.signallingId(), Listening.to(call));
        answers.add(call.answer(List.of()));
      }
      for (SipCaller caller : callers) {
        caller.ack(caller.awaitStatus(200));
      }
      for (CompletionStage<Void> answer : answers) {
        done(answer);
      }
      for (SipCaller caller : callers) {
        caller.bye();
      }
      for (SipCaller caller : callers) {
        assertThat(caller.awaitFinal("BYE").status()).isEqualTo(200);
        assertThat(heard.get(caller.callId).awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
        caller.close();
      }
      System.out.println(
          CALLS
              + " calls at once, INVITE to the last BYE: "
              + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)
              + " ms");
    }
  }

  /** SIPp's own caller: INVITE, ACK, BYE. */
  @Test
  void sipp_builtInCaller_hundredCallsNoneFails() throws Exception {
    boolean there =
        List.of(System.getenv("PATH").split(":", -1)).stream()
            .anyMatch(dir -> Files.isExecutable(Path.of(dir, "sipp")));
    if (!there) {
      System.out.println("skipped: sipp is not on PATH");
    }
    assumeThat(there).as("sipp is not on PATH").isTrue();
    try (Backend backend = Backend.start()) {
      AtomicInteger answered = new AtomicInteger();
      Thread answering =
          new Thread(
              () -> {
                try {
                  while (true) {
                    MediaCall call = backend.incoming.take();
                    call.answer(List.of()).thenRun(answered::incrementAndGet);
                  }
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      answering.start();
      Process sipp =
          new ProcessBuilder(
                  "sipp",
                  "-sn",
                  "uac",
                  "-i",
                  "127.0.0.1",
                  "-m",
                  "100",
                  "-r",
                  "50",
                  "-d",
                  "200",
                  "-timeout",
                  "60",
                  "-nostdin",
                  "127.0.0.1:" + backend.port())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("sipp.txt").toFile())
              .start();
      assertThat(sipp.waitFor(90, TimeUnit.SECONDS)).isTrue();
      answering.interrupt();
      answering.join();
      assertThat(sipp.exitValue()).as("sipp's exit code").isZero();
      assertThat(answered).hasValue(100);
      System.out.println("sipp: 100 calls, none failed");
    }
  }
}
