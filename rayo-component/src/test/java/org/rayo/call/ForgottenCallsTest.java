package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.recording.CallNote;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings.Finished;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError.Condition;

/** What clients hear of a run that ended without telling them. */
class ForgottenCallsTest extends ClientsFixture {

  private final FakeRecordings recordings = new FakeRecordings();
  private final FakeCallNotes notes = new FakeCallNotes();
  private final List<String> hungUp = new ArrayList<>();
  private final Recovery recovered =
      new Recovery(
          SERVER.getDomain(),
          clients,
          recordings,
          notes,
          state -> {
            hungUp.add(state);
            return CompletableFuture.completedFuture(null);
          });

  private static Manifest manifest(String call, String component, JID client) {
    return Manifest.begun(
        call + "-" + component,
        new Manifest.Origin(
            call, component, client.toString(), "xep-0327", "sip:alice@x", "sip:1000@x"),
        AudioFormat.WAV,
        Direction.SEND,
        Instant.EPOCH,
        Map.of("local", Manifest.Delivery.pending("key-" + component)),
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
        new Manifest.Announcement(
            Manifest.Place.STORE,
            Optional.of(URI.create("file:/recordings/" + manifest.recordingId())),
            16_044,
            FakeRecordings.AT));
  }

  private void leftOver(Manifest... manifests) {
    for (Manifest manifest : manifests) {
      recordings.recoverable.put(manifest, Optional.of(finished(manifest)));
    }
    recovered.recover(List.of(manifests), List.of());
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
    recovered.recover(List.of(manifest), List.of());
    assertThat(clients.size()).isZero();
    assertThat(recordings.announced).isEmpty();
  }

  @Test
  void callWasUp_isHungUpAndEverybodyIsToldOfItsEnd_withoutARecordingToo() {
    recovered.recover(
        List.of(),
        List.of(
            new CallNote(
                "c1",
                Optional.of("dialog 1"),
                List.of(JULIET.toString(), ROMEO.toString()),
                Optional.empty())));
    assertThat(hungUp).containsExactly("dialog 1");
    pings.result(JULIET);
    assertThat(sent()).containsExactly("end-c1");
    pings.result(SERVER);
    assertThat(notes.forgotten).as("while Romeo does not know").isEmpty();
    pings.result(ROMEO);
    assertThat(stream.drain().get(0).toXML()).contains("<error/>", "to=\"romeo");
    pings.result(SERVER);
    assertThat(notes.forgotten).containsExactly("c1");
  }

  @Test
  void callHadEnded_isNotHungUpAndItsEndIsToldAsItWas() {
    CallNote.End end =
        new CallNote.End(
            new MediaEvent.Ended(MediaEvent.EndReason.HUNGUP, Optional.of("16"), List.of()),
            Instant.parse("2026-01-01T00:00:07Z"));
    CallNote note =
        new CallNote("c1", Optional.of("dialog 1"), List.of(JULIET.toString()), Optional.of(end));
    Manifest manifest = manifest("c1", "a", JULIET);
    recordings.recoverable.put(manifest, Optional.of(finished(manifest)));
    recovered.recover(List.of(manifest), List.of(note));
    assertThat(hungUp).isEmpty();
    pings.result(JULIET);
    List<Packet> told = stream.drain();
    assertThat(told).extracting(Packet::getID).containsExactly("c1-a", "end-c1");
    assertThat(told.get(1).toXML())
        .contains("<hungup platform-code=\"16\"/>", "2026-01-01T00:00:07.000Z");
  }

  @Test
  void endOfACallThatBrokeOff_isWrittenDownBeforeItIsTold() {
    recovered.recover(
        List.of(),
        List.of(
            new CallNote("c1", Optional.empty(), List.of(JULIET.toString()), Optional.empty())));
    CallNote told = notes.known.get("c1");
    assertThat(told.end()).isPresent();
    pings.result(JULIET);
    String first = stream.drain().get(0).toXML();
    cut();
    recovered.recover(List.of(), List.of(told));
    reconnect();
    pings.result(JULIET);
    assertThat(stream.drain()).extracting(Packet::toXML).contains(first);
  }

  private static Manifest ofMixer(String node, String component, JID client) {
    String address = "xmpp:" + node + "@" + SERVER.getDomain();
    return Manifest.begun(
        "m1-" + component,
        new Manifest.Origin(node, component, client.toString(), "xep-0327", address, address),
        AudioFormat.WAV,
        Direction.RECV,
        Instant.EPOCH,
        Map.of("local", Manifest.Delivery.pending("key-" + component)),
        Optional.empty(),
        Map.of());
  }

  /** A mixer has no end; a name that cannot be a file's does no harm. */
  @Test
  void mixersOfTwoZones_eachClientGetsItsCompleteThenThatTheMixerIsGone() {
    leftOver(ofMixer("room.1", "a", JULIET), ofMixer("room.1", "b", ROMEO));
    pings.result(JULIET);
    List<Packet> told = stream.drain();
    assertThat(told).extracting(p -> p.getTo()).containsOnly(JULIET);
    assertThat(told)
        .extracting(p -> p.getFrom().toString())
        .containsExactly("room.1@rayo.example.org/a", "room.1@rayo.example.org");
    assertThat(told.get(1).toXML()).contains("type=\"unavailable\"").doesNotContain("<end");
    pings.result(SERVER);
    assertThat(recordings.announced).hasSize(1);
    assertThat(notes.known).isEmpty();
    pings.result(ROMEO);
    assertThat(stream.drain()).hasSize(2);
    pings.result(SERVER);
    assertThat(recordings.announced).hasSize(2);
  }
}
