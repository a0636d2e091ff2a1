package org.rayo.testkit.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Correlation;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.IncomingCall;
import org.rayo.testkit.phone.SoftPhone;

@Timeout(120)
@RequiresPeer("sipp")
class SippTest {

  @TempDir Path directory;

  private static SippCall to(SoftPhone phone, AudioSource audio) {
    return SippCall.to("127.0.0.1", phone.address().getPort(), audio);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sipp_speaksAndHangsUp_isHeardWhole(boolean tcp) throws Exception {
    try (SoftPhone phone = SoftPhone.answering(Answering.atOnce())) {
      SippCall speaking = to(phone, Speech.fiveSeconds());
      Sipp.Result result = Sipp.run(directory, tcp ? speaking.overTcp() : speaking);
      assertThat(result.exitCode()).as(result.toString()).isZero();
      assertThat(result.successful()).isEqualTo(1);
      IncomingCall call = phone.incoming().remove();
      assertThat(call.ended().toCompletableFuture().get(5, TimeUnit.SECONDS))
          .isEqualTo(HangupCause.REMOTE_BYE);
      Correlation heard = Correlation.best(call.heard(), Speech.fiveSeconds().toPcm());
      assertThat(heard.coefficient()).isGreaterThan(0.99);
      assertThat(heard.lagSamples()).isZero();
    }
  }

  @Test
  void sipp_cancels_isToldTerminated() throws Exception {
    try (SoftPhone phone = SoftPhone.answering(Answering.whenTold())) {
      SippCall call =
          to(phone, AudioSource.silence(20))
              .ending(SippCall.Ending.CANCEL)
              .hold(Duration.ofMillis(300));
      Sipp.Result result = Sipp.run(directory, call);
      assertThat(result.exitCode()).as(result.toString()).isZero();
      assertThat(phone.incoming().remove().ended().toCompletableFuture().get(5, TimeUnit.SECONDS))
          .isEqualTo(HangupCause.CANCELLED);
    }
  }

  @Test
  void sipp_waitsForBye_isHungUp() {
    try (SoftPhone phone =
        SoftPhone.answering(Answering.atOnce().hangingUpAfter(Duration.ofSeconds(1)))) {
      SippCall call =
          to(phone, AudioSource.tone(440, -10, 500)).ending(SippCall.Ending.CALLEE_HANGS_UP);
      Sipp.Result result = Sipp.run(directory, call);
      assertThat(result.exitCode()).as(result.toString()).isZero();
    }
  }

  @Test
  void sipp_hundredCalls_allHeard() {
    try (SoftPhone phone = SoftPhone.answering(Answering.atOnce())) {
      AudioSource tone = AudioSource.tone(700, -15, 3000);
      Sipp.Result result = Sipp.run(directory, to(phone, tone).calls(100, 50));
      assertThat(result.exitCode()).as(result.toString()).isZero();
      assertThat(result.successful()).isEqualTo(100);
      assertThat(result.failed()).isZero();
      assertThat(phone.incoming()).hasSize(100);
      for (IncomingCall call : phone.incoming()) {
        ToneMeter.Tone heard = ToneMeter.dominant(call.heard(), 8000).orElseThrow();
        assertThat(heard.frequencyHz()).isCloseTo(700, within(1.0));
      }
    }
  }
}
