package org.rayo.media.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaParty;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.SoftPhone;

/** What all parts of the contract share: the world, and what is cleaned up after each test. */
@Timeout(120)
abstract class BackendContract {

  @TempDir Path directory;
  private final List<World.Rung> calls = new ArrayList<>();
  private final List<SoftPhone> phones = new ArrayList<>();
  private World world;

  @BeforeEach
  final void enter(World given) {
    world = given;
  }

  final World world() {
    return world;
  }

  @AfterEach
  void endCalls() throws Exception {
    for (World.Rung rung : calls) {
      rung.end();
    }
    for (SoftPhone phone : phones) {
      // JAIN-SIP takes a second to stop, for which the next test need not wait.
      new Thread(phone::close, "closing a phone").start();
    }
  }

  /** Has it ended after the test. */
  final World.Rung kept(World.Rung rung) {
    calls.add(rung);
    return rung;
  }

  final SoftPhone phone(Answering answering) {
    SoftPhone phone = SoftPhone.answering(answering);
    phones.add(phone);
    return phone;
  }

  /** A recording to WAV without further wishes. */
  static RecordingRequest wav(RecordingRequest.Direction direction) {
    return wav(direction, true);
  }

  static RecordingRequest wav(RecordingRequest.Direction direction, boolean mix) {
    return new RecordingRequest(
        AudioFormat.WAV,
        direction,
        mix,
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        new RecordingRequest.Encoding(OptionalInt.empty(), OptionalInt.empty()));
  }

  /** A recording that runs. */
  record Taken(MediaRecording running, String id, Told told) {
    CapturedRecording awaitEnd() throws InterruptedException {
      return told.await(
              MediaEvent.RecordingEnded.class, e -> e.recording().recordingId().equals(id))
          .recording();
    }
  }

  final Taken record(MediaParty party, Told told, RecordingRequest request, String id)
      throws Exception {
    RecordingTarget target = new RecordingTarget(id, directory.resolve(id + ".wav"));
    return new Taken(Told.done(party.record(request, target)), id, told);
  }

  static Decoded decoded(CapturedRecording recording) {
    return WavFile.read(recording.file()).audio();
  }
}
