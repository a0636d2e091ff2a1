package org.rayo.testkit.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.ToneMeter;

@Timeout(60)
class ImpairmentTest {

  /** Sends one second of a tone; gives what the caller counted and what the callee heard. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Outcome(RtpCounters sent, RtpCounters got, short[] heard) {}

  private static Outcome send(Impairment impairment) throws Exception {
    try (SoftPhone callee = SoftPhone.answering(Answering.atOnce());
        SoftPhone caller = SoftPhone.create()) {
      PhoneCall call =
          caller.call(
              CallOptions.to(callee.uri("bob"))
                  .audio(AudioSource.tone(500, -10, 1000))
                  .impairment(impairment)
                  .build());
      call.played().toCompletableFuture().get(20, TimeUnit.SECONDS);
      IncomingCall taken = callee.incoming().remove();
      call.hangup();
      call.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
      return new Outcome(call.rtp(), taken.rtp(), taken.heard());
    }
  }

  @Test
  void lossAndDuplicates_sameSeed_sameFate() throws Exception {
    Impairment impairment = Impairment.none().withLoss(0.2).withDuplicates(0.2).withSeed(7);
    Outcome one = send(impairment);
    assertThat(one.sent().dropped()).isBetween(3L, 20L);
    assertThat(one.sent().duplicated()).isPositive();
    assertThat(one.got().received()).isEqualTo(one.sent().sent());
    // Lost packets are silence in what was heard; the length stays.
    assertThat(one.heard().length).isGreaterThanOrEqualTo(8000 - 3 * 160);
  }

  @Test
  void wrapAroundReorderingAndJitter_areHeardInOrder() throws Exception {
    Outcome outcome =
        send(
            Impairment.none()
                .withStart(65_530, 0xFFFFFFFFL - 800)
                .withReordering(0.2)
                .withJitter(30)
                .withSeed(3));
    assertThat(outcome.sent().reordered()).isPositive();
    ToneMeter.Tone heard = ToneMeter.dominant(outcome.heard(), 8000).orElseThrow();
    assertThat(heard.frequencyHz()).isCloseTo(500, within(1.0));
  }

  @Test
  void gap_isSilenceThatTakesItsTime() throws Exception {
    Outcome outcome = send(Impairment.none().withGaps(List.of(new Impairment.Gap(400, 200))));
    short[] pcm = outcome.heard();
    List<Double> levels = new ArrayList<>();
    for (int at = 0; at + 800 <= 8000; at += 800) {
      levels.add(ToneMeter.levelDbfs(Arrays.copyOfRange(pcm, at, at + 800)));
    }
    for (int tenth = 0; tenth < 10; tenth++) {
      assertThat(levels.get(tenth) < -60).isEqualTo(tenth == 4 || tenth == 5);
    }
  }
}
