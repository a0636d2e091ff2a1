package org.rayo.server.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.rayo.server.cli.CampaignTally.Fault;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Mp3Decoder;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;

/**
 * Some calls that are recorded at once, one fault among them, and the count of what came of it. The
 * same seed makes the same choices; when exactly a fault strikes is up to the machine.
 */
final class CampaignRound {

  private static final int MILLIS_PER_PACKET = 20;
  private static final int LONGEST_MILLIS = 3000;

  /** How a recording is meant to end. */
  private enum Ending {
    STOP,
    HANGUP,
    MAX_DURATION,
    PAUSE_AND_STOP,
    NEVER
  }

  /** A recording that was acknowledged. */
  private static final class Take {
    final PhoneCall call;
    final String component;
    final Ending ending;
    final long endAtMillis;
    final long packetsBefore;
    boolean ended;
    long spokenMillis = -1;

    Take(PhoneCall call, String component, Ending ending, long endAtMillis) {
      this.call = call;
      this.component = component;
      this.ending = ending;
      this.endAtMillis = endAtMillis;
      packetsBefore = call.packetsSent();
    }

    String recordingId() {
      return component.replaceAll("@.*/", "-");
    }
  }

  private final CampaignSite site;
  private final CampaignTally tally;
  private final Random random;
  private final RayoClient client;
  private final List<PhoneCall> calls = new ArrayList<>();
  private final List<Take> takes = new ArrayList<>();

  CampaignRound(CampaignSite site, CampaignTally tally, long seed) {
    this.site = site;
    this.tally = tally;
    random = new Random(seed);
    client = site.client("round-" + seed);
  }

  /** Makes so many recordings and waits for their ends. */
  void run(int recordings) throws Exception {
    Fault fault = pick(Fault.values());
    tally.faults.merge(fault, 1, Integer::sum);
    for (int i = 0; i < recordings; i++) {
      begin("caller-" + i);
    }
    long faultAt = random.nextInt(LONGEST_MILLIS);
    boolean struck = false;
    for (long millis = 0; millis <= LONGEST_MILLIS; millis += MILLIS_PER_PACKET) {
      long now = millis;
      takes.stream().filter(t -> !t.ended && now >= t.endAtMillis).forEach(this::end);
      if (!struck && millis >= faultAt) {
        strike(fault);
        struck = true;
      }
      TimeUnit.MILLISECONDS.sleep(MILLIS_PER_PACKET);
    }
    if (fault == Fault.STORE_AWAY) {
      site.giveStoreBack();
    }
    // Recordings that nobody ended, and those whose command was lost with the server.
    calls.forEach(PhoneCall::hangup);
    takes.forEach(this::stopOverXmpp);
    for (Take take : takes) {
      count(take);
    }
    client.close();
  }

  private <T> T pick(T[] values) {
    return List.of(values).get(random.nextInt(values.length));
  }

  private void begin(String caller) throws Exception {
    PhoneCall call = site.phone.call(CallOptions.to(site.sipUri()).from(caller).build());
    calls.add(call);
    String address =
        client
            .await(
                "the offer of " + caller,
                s ->
                    s.isEvent("offer")
                        && s.child("offer")
                            .orElseThrow()
                            .getAttribute("from")
                            .contains(caller + "@"))
            .from();
    client.command(address, "<answer xmlns='urn:xmpp:rayo:1'/>");
    call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
    CompletionStage<Void> unused = call.send(AudioSource.tone(440, -10, 60_000));
    Ending ending = pick(Ending.values());
    String limit =
        ending == Ending.MAX_DURATION ? " max-duration='" + (200 + random.nextInt(2500)) + "'" : "";
    tally.started++;
    Received answer =
        client.command(
            address,
            "<record xmlns='urn:xmpp:rayo:record:1' direction='send' start-beep='false' format='%s'%s/>"
                .formatted(random.nextBoolean() ? "wav" : "mp3", limit));
    if (answer.type().equals("result")) {
      tally.acknowledged++;
      takes.add(new Take(call, answer.ref(), ending, random.nextInt(LONGEST_MILLIS)));
    }
  }

  private void end(Take take) {
    take.ended = true;
    switch (take.ending) {
      case STOP -> stopOverXmpp(take);
      case HANGUP -> take.call.hangup();
      case PAUSE_AND_STOP -> {
        send(take, "<pause xmlns='urn:xmpp:rayo:record:1'/>");
        stopOverXmpp(take);
      }
      case MAX_DURATION, NEVER -> {
        // It ends by itself, or when the round does.
      }
    }
  }

  private void stopOverXmpp(Take take) {
    send(take, "<stop xmlns='urn:xmpp:rayo:ext:1'/>");
  }

  /** Nobody waits for the answer: there may be no server. */
  private void send(Take take, String command) {
    try {
      client.sendCommand(take.component, command);
    } catch (IllegalStateException notConnected) {
      take.ended = false;
    }
  }

  private void strike(Fault fault) throws Exception {
    switch (fault) {
      case NONE -> {}
      case KILLED -> {
        kill();
        site.restart();
      }
      case KILLED_TWICE -> {
        kill();
        site.restart();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        site.kill();
        site.restart();
      }
      case XMPP_CUT -> site.cutXmpp(client);
      case STORE_AWAY -> site.takeStoreAway();
      case STORE_AWAY_AND_KILLED -> {
        site.takeStoreAway();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
        kill();
        site.giveStoreBack();
        site.restart();
      }
    }
  }

  private void kill() throws IOException, InterruptedException {
    site.kill();
    for (Take take : takes) {
      take.spokenMillis = (take.call.packetsSent() - take.packetsBefore) * MILLIS_PER_PACKET;
    }
  }

  private void count(Take take) throws IOException {
    Optional<Received> complete = complete(take);
    if (complete.isEmpty()) {
      tally.lost++;
      System.out.println("lost: no complete of " + take.component);
      return;
    }
    tally.completed++;
    List<String> all =
        client.received().stream()
            .filter(s -> s.isEvent("complete") && s.from().equals(take.component))
            .map(Received::xml)
            .toList();
    tally.resent += all.size() - 1;
    boolean same = all.stream().distinct().count() == 1;
    if (!same || site.filesOf(take.recordingId()).size() > 1) {
      tally.duplicated++;
      System.out.println("duplicated: " + all + site.filesOf(take.recordingId()));
    }
    Optional<RecordingFacts> recording = complete.get().recording();
    if (recording.isEmpty() || !plays(recording.get())) {
      tally.lost++;
      System.out.println("lost: " + complete.get().xml());
    } else if (complete.get().xml().contains(">recovered after a restart<")) {
      tally.worstLossMillis =
          Math.max(tally.worstLossMillis, take.spokenMillis - recording.get().durationMillis());
    }
  }

  private Optional<Received> complete(Take take) {
    try {
      return Optional.of(client.awaitEvent(take.component, "complete"));
    } catch (AssertionError none) {
      System.out.println(site.log());
      return Optional.empty();
    }
  }

  private static boolean plays(RecordingFacts recording) throws IOException {
    Path file = Path.of(URI.create(recording.uri()));
    if (!Files.exists(file) || Files.size(file) != recording.sizeBytes()) {
      return false;
    }
    long millis =
        file.toString().endsWith(".wav")
            ? WavFile.read(file).audio().durationMillis()
            : Mp3Decoder.decode(file).audio().durationMillis();
    return millis == recording.durationMillis();
  }
}
