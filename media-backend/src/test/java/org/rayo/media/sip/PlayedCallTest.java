package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.RecordingSite.samples;
import static org.rayo.media.sip.RecordingSite.toneBlocks;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaEvent.OutputEnded;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.G711;
import org.rayo.media.output.OutputSettings;

/** Files that are played into calls over real SIP and real RTP. */
@Timeout(60)
class PlayedCallTest {

  private static final int TONE_HZ = 1300;
  private static final int BLOCKS = 50;
  private static final int BLOCK = 160;

  @TempDir private Path directory;

  @Test
  void outputOfAFile_isHeardByTheCallerAndIsInTheRecordingOfWhatIsHeard() throws Exception {
    short[] tone = tone();
    Path prompt = wav(tone);
    try (RecordingSite site = new RecordingSite(SipSettings.loopback(), playing(directory));
        SipCaller caller = SipCaller.udp(site.backend.localPort())) {
      MediaCall call = answered(site, caller);
      Listening told = Listening.to(call);
      Path heardFile = directory.resolve("heard.wav");
      Path saidFile = directory.resolve("said.wav");
      record(call, RecordingRequest.Direction.RECV, "heard", heardFile);
      record(call, RecordingRequest.Direction.SEND, "said", saidFile);
      Listening.done(call.output(request(prompt, 1)));

      Ear ear = new Ear(site.media);
      ear.listenUntil(() -> !told.events.isEmpty());
      assertThat(told.await(OutputEnded.class))
          .isEqualTo(new OutputEnded("o1", OutputEnd.FINISH, Optional.empty()));
      caller.bye();
      told.awaitEnd();
      told.await(MediaEvent.RecordingEnded.class);
      told.await(MediaEvent.RecordingEnded.class);

      // What is late by 100 ms is not sent, and a block may straddle an edge.
      assertThat(toneBlocks(ear.heard(), TONE_HZ)).isBetween(BLOCKS - 10, BLOCKS + 1);
      assertThat(at(samples(heardFile), tone)).as("place of the whole file").isNotNegative();
      assertThat(toneBlocks(samples(heardFile), TONE_HZ)).isBetween(BLOCKS - 2, BLOCKS + 1);
      assertThat(samples(saidFile)).containsOnly((short) 0);
    }
  }

  private static MediaCall answered(RecordingSite site, SipCaller caller) throws Exception {
    caller.inviteWith(SipCaller.sdp(site.media.getLocalPort()));
    MediaCall call = site.awaitCall();
    var answer = call.answer(List.of());
    caller.ack(caller.awaitStatus(200));
    Listening.done(answer);
    return call;
  }

  private static void record(
      MediaCall call, RecordingRequest.Direction direction, String id, Path file) throws Exception {
    RecordingRequest request =
        new RecordingRequest(
            AudioFormat.WAV,
            direction,
            true,
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            RecordingRequest.Encoding.DEFAULT);
    Listening.done(call.record(request, new RecordingTarget(id, file)));
  }

  /** Plays a file so many times, 0 for ever. */
  private static OutputRequest request(Path file, int times) {
    return new OutputRequest(
        "o1",
        List.of(new OutputRequest.AudioFile(file.toUri(), List.of())),
        Duration.ZERO,
        false,
        Duration.ZERO,
        times,
        Optional.empty());
  }

  private static OutputSettings playing(Path directory) {
    OutputSettings none = OutputSettings.DEFAULT;
    return new OutputSettings(
        List.of(directory),
        none.openedAddresses(),
        none.maxFileBytes(),
        none.connectTimeout(),
        none.fetchTimeout(),
        none.maxLength(),
        none.cacheBytes(),
        none.threads(),
        none.speech());
  }

  private static short[] tone() {
    short[] samples = new short[BLOCKS * BLOCK];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (8000 * Math.sin(2 * Math.PI * TONE_HZ * i / 8000));
    }
    return samples;
  }

  /** A file of 8000 Hz, 16 bit, one channel. */
  private Path wav(short[] samples) throws Exception {
    ByteBuffer file = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 2 * samples.length);
    file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    file.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(16000);
    file.putShort((short) 2).putShort((short) 16);
    file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(2 * samples.length);
    for (short sample : samples) {
      file.putShort(sample);
    }
    return Files.write(directory.resolve("prompt.wav"), file.array());
  }

  /** Where the one begins in the other, or -1. */
  private static int at(short[] all, short[] part) {
    for (int i = 0; i + part.length <= all.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  /** What comes to a caller, put where its timestamp says. */
  private static final class Ear {

    private static final int CAPACITY = 60 * 8000;
    private static final int HEADER_BYTES = 12;

    private final DatagramSocket socket;
    private final short[] samples = new short[CAPACITY];
    private boolean began;
    private int first;
    private int end;

    Ear(DatagramSocket socket) {
      this.socket = socket;
    }

    short[] heard() {
      return Arrays.copyOf(samples, end);
    }

    /** Listens until it is so, and then to what has come already. */
    void listenUntil(BooleanSupplier enough) throws Exception {
      long deadline = System.nanoTime() + 20_000_000_000L;
      while (!enough.getAsBoolean()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
        receive(50);
      }
      int more = 0;
      while (more < 100 && receive(1)) {
        more++;
      }
    }

    private boolean receive(int millis) throws Exception {
      DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
      socket.setSoTimeout(millis);
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return false;
      }
      int timestamp = ByteBuffer.wrap(packet.getData()).getInt(4);
      if (!began) {
        began = true;
        first = timestamp;
      }
      int to = timestamp - first;
      int length = Math.min(packet.getLength() - HEADER_BYTES, CAPACITY - to);
      for (int i = 0; i < length; i++) {
        samples[to + i] = G711.MU_LAW.decode(packet.getData()[HEADER_BYTES + i]);
      }
      end = Math.max(end, to + length);
      return true;
    }
  }
}
