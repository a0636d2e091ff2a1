package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.PhoneCall;

/** The same on the embedded media backend. */
class SeveralRecordingsTest extends SeveralRecordingsContract {

  @Override
  Site open(Path directory, String... config) throws Exception {
    return Site.bilingual(directory, config);
  }

  /** FreeSWITCH refuses such a call before anybody hears of it. */
  @ConcurrentTest
  void record_beforeTheAnswerWithoutAnOffer_isUnexpectedUntilTheAnswer() throws Exception {
    PhoneCall call = site.ring("late", options -> options.lateOffer(true).audio(TimeCode.source()));
    String address = site.offer(xep, "late").from();
    Received refused = xep.command(address, Site.recordCommand("format='wav' max-duration='500'"));
    assertThat(refused.error()).isEqualTo("unexpected-request/wait");
    assertThat(refused.child("record").orElseThrow().getAttribute("max-duration")).isEqualTo("500");
    assertThat(call.statusesReceived()).doesNotContain(183);
    expectResult(xep.command(address, ANSWER));
    await(call.answered());
    String component = Site.start(xep, address, "format='wav' mix='true' max-duration='700'").ref();
    RecordingFacts recording = xep.awaitEvent(component, "complete").recording().orElseThrow();
    call.hangup();
    xep.awaitEvent(address, "end");
    assertThat(recording.durationMillis()).isEqualTo(700);
    assertThat(TimeCode.read(Site.decode(recording).channel(0))).hasSize(1);
    assertThat(Site.of(xep, address).stream().filter(s -> s.isEvent("complete"))).hasSize(1);
  }
}
