package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.RECORD;
import static org.rayo.call.CallWorld.ROMEO;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.recording.JournalException;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * What stands in the way of a recording before it is acknowledged: resource-constraint/wait, with a
 * text that says which limit it is, and nothing begun.
 */
class RecordRefusalsTest {

  private static String refusal(CallWorld world, IQ record) {
    world.deliver();
    IQ answer = world.answer(record).orElseThrow();
    assertThat(CallWorld.outcome(world.answer(record))).isEqualTo("resource-constraint/wait");
    assertThat(answer.getElement().elements().get(0).getName()).isEqualTo("record");
    return answer.getError().getText();
  }

  /** The recording's journal does not get done, for this reason. */
  private static String journalFails(Exception trouble) {
    CallWorld world = CallWorld.answered(JULIET);
    world.recordings.quickJournal = false;
    IQ record = world.sends(JULIET, RECORD);
    world.deliver();
    world.recordings.beginnings.get(0).journalled().completeExceptionally(trouble);
    String text = refusal(world, record);
    assertThat(world.media.captures).isEmpty();
    assertThat(world.quota.taken()).isZero();
    return text;
  }

  private static String mediaFails(String xml, MediaException refusal) {
    CallWorld world = CallWorld.answered(JULIET);
    IQ record = world.sends(JULIET, xml);
    world.deliver().media.captures.get(0).started.completeExceptionally(refusal);
    String text = refusal(world, record);
    assertThat(world.quota.taken()).isZero();
    return text;
  }

  @Test
  void server_hasAllItMayHave_saysSo() {
    // The text is the recorder's; its own test has it too.
    String text = "all of the 9 recordings at once are in use";
    assertThat(mediaFails(RECORD, new MediaException(Fault.NO_RESOURCES, text))).isEqualTo(text);
  }

  @Test
  void call_hasAllItMayHave_saysSo() {
    CallWorld world = CallWorld.answered(JULIET);
    for (int i = 0; i < CallRecordings.RECORDINGS_AT_ONCE; i++) {
      world.records(JULIET);
    }
    assertThat(refusal(world, world.sends(JULIET, RECORD)))
        .isEqualTo("64 recordings of this call are running; no more are allowed");
    assertThat(world.media.captures).hasSize(64);
    world.media.ended(world.media.captures.get(0), Cause.STOP_KEY);
    world.deliver();
    world.records(JULIET);
  }

  @Test
  void client_hasAllItMayHave_saysSoUntilOneIsComplete() {
    CallWorld world = CallWorld.answered(2, JULIET);
    world.records(JULIET);
    world.records(JULIET);
    assertThat(refusal(world, world.sends(JULIET, RECORD)))
        .isEqualTo("2 recordings of this client are running; no more are allowed to one client");
    assertThat(world.media.captures).hasSize(2);
    // One that is being delivered is not complete.
    world.recordings.quickDelivery = false;
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    assertThat(refusal(world, world.sends(JULIET, RECORD))).contains("2 recordings");
    world.recordings.finishings.get(0).deliver();
    world.deliver();
    world.records(JULIET);
    world.recordings.quickDelivery = true;
    world.media.end(EndReason.HUNGUP);
    world.media.captures.stream().skip(1).forEach(c -> world.media.ended(c, Cause.HANGUP));
    world.deliver();
    assertThat(world.call.isClosed()).isTrue();
    assertThat(world.quota.taken()).isZero();
  }

  @Test
  void client_resourcesShareWhatItMayHave_othersHaveTheirOwn() {
    ClientQuota quota = ClientQuota.ofRecordings(2);
    assertThat(quota.take(JULIET)).isTrue();
    assertThat(quota.take(new JID("juliet@example.org/orchard"))).isTrue();
    assertThat(quota.take(JULIET)).isFalse();
    assertThat(quota.take(ROMEO)).isTrue();
    quota.giveBack(JULIET);
    assertThat(quota.take(JULIET)).isTrue();
    assertThat(quota.taken()).isEqualTo(3);
    ClientQuota unlimited = ClientQuota.ofRecordings(0);
    for (int i = 0; i < 10_000; i++) {
      assertThat(unlimited.take(JULIET)).isTrue();
    }
  }

  @Test
  void client_refusedForAnotherReason_takesNothing() {
    CallWorld world = CallWorld.answered(1, JULIET);
    world.sends(JULIET, "<record xmlns='urn:xmpp:rayo:record:1' max-duration='0'/>");
    world.sends(
        JULIET, "<record xmlns='urn:xmpp:rayo:record:1'><hint name='name' value='none'/></record>");
    world.deliver();
    assertThat(world.quota.taken()).isZero();
    world.records(JULIET);
  }

  @Test
  void spool_hasNoRoom_saysHowMuch() {
    String text = "the spool has 12.0 MiB free, less than the 100.0 MiB that are kept free";
    assertThat(
            journalFails(
                new JournalException(JournalException.Fault.FULL, text, new IOException())))
        .isEqualTo(text);
  }

  @Test
  void spool_cannotBeWritten_saysSoWithoutItsPath() {
    assertThat(journalFails(new JournalException("cannot write /spool/x", new IOException())))
        .isEqualTo("the spool cannot be written: its disk is full or refuses");
  }

  @Test
  void disk_doesNotAnswer_saysSo() {
    assertThat(journalFails(new TimeoutException()))
        .isEqualTo("the spool's disk is too slow: it has not answered for 2 s");
  }

  @Test
  void encoder_isMissing_saysOfWhichFormat() {
    assertThat(
            mediaFails(
                "<record xmlns='urn:xmpp:rayo:record:1' format='mp3'/>",
                new MediaException(Fault.CONFIGURATION, "no libmp3lame.so.0 in /usr/lib")))
        .isEqualTo(
            "no encoder: this server is configured for a library that makes mp3, which is not"
                + " there; other formats can be recorded");
  }

  @Test
  void optionsThatCannotBeTogether_areNotImplementedInTheWordsOfTheMedia() {
    CallWorld world = CallWorld.answered(JULIET);
    IQ record =
        world.sends(
            JULIET,
            "<record xmlns='urn:xmpp:rayo:record:1' format='opus'>"
                + "<hint name='sample-rate' value='44100'/></record>");
    String text = "opus cannot be made of 44100 Hz; possible are 8000, 16000";
    world
        .deliver()
        .media
        .captures
        .get(0)
        .started
        .completeExceptionally(new MediaException(Fault.UNSUPPORTED, text));
    world.deliver();
    assertThat(CallWorld.outcome(world.answer(record))).isEqualTo("feature-not-implemented/modify");
    assertThat(world.answer(record).orElseThrow().getError().getText()).isEqualTo(text);
  }
}
