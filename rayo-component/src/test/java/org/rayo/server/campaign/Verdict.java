package org.rayo.server.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Mp3Decoder;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;

/** Whether the promise was kept in a round: counted, and what was not kept is printed. */
final class Verdict {

  /** What is shorter has no time in it that could be read. */
  private static final int READABLE_MILLIS = 200;

  private final Tally tally;
  private final TroubledStore store;
  private final List<Take> takes;
  private final List<Take> acknowledged;

  Verdict(Tally tally, TroubledStore store, List<Take> takes) {
    this.tally = tally;
    this.store = store;
    this.takes = takes;
    acknowledged = takes.stream().filter(take -> take.component().isPresent()).toList();
  }

  /** The recording's id, which is in its name in spool and store. */
  static String recordingId(String component) {
    return component.replaceAll("@.*/", "-");
  }

  private static String recordingId(Take take) {
    return recordingId(take.component().orElseThrow());
  }

  /** Waits so long at most, in all. */
  void awaitCompletes(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    for (Take take : acknowledged) {
      Optional<Received> unused =
          take.complete(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }
  }

  /** Waits until the store has everything, and says whether it has. */
  boolean stored(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    for (Take take : acknowledged) {
      if (take.complete(Duration.ZERO).flatMap(Received::recording).isEmpty()) {
        continue; // Nothing was promised to be there.
      }
      while (store.objects(recordingId(take)).isEmpty()) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        CampaignSite.pause(50);
      }
    }
    return true;
  }

  void count() throws IOException {
    tally.started += takes.size();
    tally.acknowledged += acknowledged.size();
    for (Take take : acknowledged) {
      count(take);
    }
    countCompletes();
    if (store.changed() > 0) {
      duplicated(store.changed() + " objects were replaced by others");
    }
  }

  private void count(Take take) throws IOException {
    Optional<Received> complete = take.complete(Duration.ZERO);
    if (complete.isEmpty()) {
      lost("no complete of " + take.component().orElseThrow());
      return;
    }
    tally.completed++;
    List<Path> objects = store.objects(recordingId(take));
    if (objects.size() > 1) {
      duplicated("stored: " + objects);
    }
    Optional<RecordingFacts> facts = complete.get().recording();
    if (facts.isEmpty() && take.hadNoRoom() && complete.get().reason().equals("error")) {
      tally.withoutRoom++;
      return;
    }
    if (facts.isEmpty()) {
      lost(complete.get().xml());
      return;
    }
    Optional<Path> told = store.at(facts.get().uri());
    if (told.isEmpty() || !plays(take, told.get(), facts.get())) {
      lost("does not play: " + complete.get().xml());
      return;
    }
    if (complete.get().xml().contains(">recovered after a restart<")) {
      measure(take, told.get(), facts.get());
    }
    if (objects.isEmpty()) {
      lost("not in the store: " + complete.get().xml());
    } else if (!objects.get(0).equals(told.get())) {
      tally.toldFromSpool++;
      if (!plays(take, objects.get(0), facts.get())) {
        lost("does not play in the store: " + complete.get().xml());
      }
    }
  }

  /** Whether a file is as large and as long as a client was told. */
  static boolean plays(Path file, RecordingFacts facts) throws IOException {
    return plays(file, facts, Verdict::decode);
  }

  private static boolean plays(Take take, Path file, RecordingFacts facts) throws IOException {
    return plays(file, facts, take.isTorn() ? Verdict::decodeTorn : Verdict::decode);
  }

  private static boolean plays(Path file, RecordingFacts facts, Function<Path, Decoded> decoder)
      throws IOException {
    if (Files.size(file) != facts.sizeBytes() || facts.sizeBytes() == 0) {
      return false;
    }
    try {
      return decoder.apply(file).durationMillis() == facts.durationMillis();
    } catch (IllegalArgumentException noAudio) {
      // What our decoder says of an mp3 with nothing but its tag, too.
      return facts.durationMillis() == 0 && file.toString().endsWith(".mp3");
    }
  }

  private static Decoded decode(Path file) {
    return file.toString().endsWith(".wav")
        ? WavFile.read(file).audio()
        : Mp3Decoder.decode(file).audio();
  }

  private static Decoded decodeTorn(Path file) {
    return file.toString().endsWith(".mp3") ? Mp3Decoder.decodeTorn(file).audio() : decode(file);
  }

  /** The callers say the time: so the end of the file says what is missing. */
  private void measure(Take take, Path file, RecordingFacts facts) {
    OptionalLong said = take.saidBeforeKill();
    if (said.isEmpty() || facts.durationMillis() + 100 > take.longestMillis()) {
      return;
    }
    long lost = missing(take, said.getAsLong(), file, facts);
    if (lost > 1000) {
      System.out.printf("lost %d ms: %s%n", lost, facts);
    }
    tally.loss(lost);
  }

  private static long missing(Take take, long saidMillis, Path file, RecordingFacts facts) {
    List<TimeCode.Stretch> heard =
        facts.durationMillis() > READABLE_MILLIS
            ? TimeCode.read(decode(file).channel(0))
            : List.of();
    if (heard.isEmpty()) {
      return take.saidSinceBegun(saidMillis) - facts.durationMillis();
    }
    TimeCode.Stretch last = heard.get(heard.size() - 1);
    double missing = saidMillis - last.offsetMillis() - last.to() / 8.0;
    double period = TimeCode.PERIOD_MILLIS;
    return Math.round(missing - period * Math.round(missing / period));
  }

  /** Every complete of the same recording is the same, whoever was answered or not. */
  private void countCompletes() {
    Set<RayoClient> clients = new HashSet<>();
    takes.forEach(take -> clients.add(take.client));
    for (RayoClient client : clients) {
      List<Received> all = client.received().stream().filter(s -> s.isEvent("complete")).toList();
      for (String component : new HashSet<>(all.stream().map(Received::from).toList())) {
        List<String> told =
            all.stream().filter(s -> s.from().equals(component)).map(Received::xml).toList();
        tally.resent += told.size() - 1;
        if (new HashSet<>(told).size() > 1) {
          duplicated("told: " + told);
        }
      }
    }
  }

  private void lost(String what) {
    tally.lost++;
    System.out.println("lost: " + what);
  }

  private void duplicated(String what) {
    tally.duplicated++;
    System.out.println("duplicated: " + what);
  }
}
