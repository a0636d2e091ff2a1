package org.rayo.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Correlation;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.Sipp;
import org.rayo.testkit.peers.SippCall;

/** A call by SIPp that plays a tone and then speech, recorded until SIPp hangs up. */
record SippRecording(Site site, RayoClient client, String transport, String codec, String format) {

  private static final double TONE_HZ = 997;
  private static final double TONE_DBFS = -12;
  private static final int TONE_MILLIS = 2000;
  private static final int PAUSE_MILLIS = 300;

  /** How far what was recorded is from what was sent. */
  record Figures(
      String name,
      double frequencyErrorHz,
      double levelErrorDb,
      double toneLengthErrorMillis,
      double speechCorrelation,
      double speechAfterToneErrorMillis,
      double snrDb) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "sipp %s: tone off by %.2f Hz, %.2f dB, %.1f ms, snr %.0f dB; speech correlation %.4f, off"
              + " by %.1f ms",
          name,
          frequencyErrorHz,
          levelErrorDb,
          toneLengthErrorMillis,
          snrDb,
          speechCorrelation,
          speechAfterToneErrorMillis);
    }
  }

  private String name() {
    return transport + "-" + codec + "-" + format;
  }

  Figures make(Path directory) throws Exception {
    AudioSource audio =
        AudioSource.concat(
            List.of(
                AudioSource.silence(1000),
                AudioSource.tone(TONE_HZ, TONE_DBFS, TONE_MILLIS),
                AudioSource.silence(PAUSE_MILLIS),
                Speech.fiveSeconds()));
    SippCall call = SippCall.to("127.0.0.1", site.server().sipPort(), audio).user(name());
    call = transport.equals("tcp") ? call.overTcp() : call;
    call = codec.equals("pcma") ? call.inAlaw() : call;
    try (Sipp sipp = Sipp.start(directory, call)) {
      String address = site.offer(client, name()).from();
      Site.expectResult(client.command(address, Site.ACCEPT));
      Site.expectResult(client.command(address, Site.ANSWER));
      String component = Site.record(client, address, format);
      Received complete = client.awaitEvent(component, "complete");
      Received end = client.awaitEvent(address, "end");
      Sipp.Result result = sipp.await();
      if (result.exitCode() != 0 || result.successful() != 1 || !result.errors().isEmpty()) {
        throw new AssertionError("SIPp is not content: " + result);
      }
      if (!complete.reason().equals("hangup") || complete.number() > end.number()) {
        throw new AssertionError("not the end of this call: " + complete.xml() + end.xml());
      }
      return figures(complete.recording().orElseThrow());
    }
  }

  private Figures figures(RecordingFacts recording) throws Exception {
    Decoded audio = Site.decode(recording);
    if (audio.durationMillis() != recording.durationMillis()
        || Files.size(Site.file(recording)) != recording.sizeBytes()) {
      throw new AssertionError(recording + " is not true of " + audio.durationMillis() + " ms");
    }
    short[] pcm = audio.channel(0);
    int rate = audio.sampleRateHz();
    ToneMeter.Span span = ToneMeter.find(pcm, rate, TONE_HZ, TONE_DBFS - 6).orElseThrow();
    short[] middle =
        Arrays.copyOfRange(pcm, span.start() + rate / 10, Math.max(0, span.end() - rate / 10));
    ToneMeter.Tone tone = ToneMeter.dominant(middle, rate).orElseThrow();
    Correlation speech =
        Correlation.best(
            Arrays.copyOfRange(pcm, span.end(), pcm.length), Speech.fiveSeconds().toPcm());
    return new Figures(
        name(),
        tone.frequencyHz() - TONE_HZ,
        tone.levelDbfs() - TONE_DBFS,
        span.samples() * 1000.0 / rate - TONE_MILLIS,
        speech.coefficient(),
        speech.lagSamples() * 1000.0 / rate - PAUSE_MILLIS,
        tone.snrDb());
  }
}
