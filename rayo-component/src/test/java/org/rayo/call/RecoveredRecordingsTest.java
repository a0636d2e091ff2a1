package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings.Finished;
import org.xmpp.packet.JID;
import org.xmpp.packet.PacketError.Condition;

/** What clients hear of a run that ended without telling them. */
class RecoveredRecordingsTest extends ClientsFixture {

  private final FakeRecordings recordings = new FakeRecordings();
  private final RecoveredRecordings recovered =
      new RecoveredRecordings(SERVER.getDomain(), clients, recordings);

  private static Manifest manifest(String call, String component, JID client) {
    return new Manifest(
        call + "-" + component,
        call,
        component,
        client.toString(),
        "xep-0327",
        AudioFormat.WAV,
        Direction.SEND,
        "key-" + component,
        Instant.EPOCH,
        Manifest.State.CAPTURING,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private static Finished finished(Manifest manifest) {
    return new Finished(
        manifest,
        new CapturedRecording(
            manifest.recordingId(),
            Path.of("/spool"),
            AudioFormat.WAV,
            Cause.STOP,
            8000,
            8000,
            1,
            16_044,
            Optional.empty()),
        Optional.of(URI.create("file:/recordings/" + manifest.recordingId())),
        true,
        FakeRecordings.AT);
  }

  private void leftOver(Manifest... manifests) {
    for (Manifest manifest : manifests) {
      recordings.recoverable.put(manifest, Optional.of(finished(manifest)));
    }
    recovered.recover(List.of(manifests));
  }

  @Test
  void clientIsThere_getsCompletesThenTheEnd_andTheSpoolIsTold() {
    leftOver(manifest("c1", "a", JULIET), manifest("c1", "b", JULIET));
    assertThat(sent()).as("before the client is known to be there").isEmpty();
    pings.result(JULIET);
    assertThat(sent()).containsExactly("c1-a", "c1-b", "end-c1");
    assertThat(recordings.announced).isEmpty();
    pings.result(SERVER);
    assertThat(recordings.announced).hasSize(2);
    assertThat(clients.size()).isZero();
  }

  @Test
  void complete_isMadeOfTheManifest() {
    leftOver(manifest("c1", "a", JULIET));
    pings.result(JULIET);
    assertThat(stream.drain().get(0).toXML())
        .isEqualTo(
            "<presence id=\"c1-a\" from=\"c1@rayo.example.org/a\""
                + " to=\"juliet@example.org/balcony\" type=\"unavailable\">"
                + "<complete xmlns=\"urn:xmpp:rayo:ext:1\">"
                + "<stop xmlns=\"urn:xmpp:rayo:ext:complete:1\"/>"
                + "<recording xmlns=\"urn:xmpp:rayo:record:complete:1\""
                + " uri=\"file:/recordings/c1-a\" duration=\"1000\" size=\"16044\"/></complete>"
                + "<delay xmlns=\"urn:xmpp:delay\" stamp=\"2026-01-01T00:00:01.000Z\"/>"
                + "</presence>");
  }

  @Test
  void severalClientsOfACall_eachGetsItsOwnAndTheEnd() {
    leftOver(manifest("c1", "a", JULIET), manifest("c1", "b", ROMEO), manifest("c2", "c", ROMEO));
    pings.result(ROMEO);
    assertThat(sent()).containsExactly("c1-b", "end-c1", "c2-c", "end-c2");
    pings.result(SERVER);
    pings.result(JULIET);
    assertThat(sent()).containsExactly("c1-a", "end-c1");
    pings.result(SERVER);
    assertThat(recordings.announced).hasSize(3);
  }

  @Test
  void clientIsAway_isToldWhenItRegisters() {
    leftOver(manifest("c1", "a", JULIET));
    pings.error(JULIET, Condition.service_unavailable);
    clock.pass(Duration.ofHours(1));
    assertThat(sent()).isEmpty();
    available(JULIET);
    assertThat(sent()).containsExactly("c1-a", "end-c1");
  }

  @Test
  void notConnectedYet_isToldAfterwards() {
    cut();
    leftOver(manifest("c1", "a", JULIET));
    reconnect();
    pings.result(JULIET);
    assertThat(sent()).containsExactly("c1-a", "end-c1");
  }

  @Test
  void toldBefore_nothingIsSent() {
    Manifest manifest = manifest("c1", "a", JULIET);
    recordings.recoverable.put(manifest, Optional.empty());
    recovered.recover(List.of(manifest));
    assertThat(clients.size()).isZero();
    assertThat(recordings.announced).isEmpty();
  }
}
