package org.rayo.server.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.testkit.peers.SmallDisk;
import org.rayo.testkit.phone.SoftPhone;

/**
 * Many recordings, made by callers who call at once, while one trouble after the other befalls
 * server and store; and the count of what came of it. The same seed makes the same choices; when
 * exactly something strikes is up to the machine.
 */
final class Round implements AutoCloseable {

  private static final int CALLERS = 32;
  private static final int CLIENTS = 4;

  /** A server that has waited longer for a processor may be behind what callers say. */
  private static final int STARVED_MILLIS = 200;

  /** So many recordings begin between two troubles of the server. */
  private static final int AMONG = 30;

  private static final int DISK_MEBIBYTES = 48;
  private static final List<ServerTrouble> TROUBLES = List.of(ServerTrouble.values());

  private final Path directory;
  private final Tally tally;
  private final Random random;
  private final Optional<SmallDisk> disk;
  private final TroubledStore store;
  private final CampaignSite site;
  private final SoftPhone phone = SoftPhone.create();
  private final AtomicInteger wanted;
  private final int serverTroubles;
  private final List<Take> takes = new ArrayList<>();
  private boolean full;

  /**
   * @param directory its own, made here
   * @param smallDisk whether the spool's disk can get full
   */
  Round(Path directory, Tally tally, long seed, int recordings, boolean smallDisk)
      throws IOException {
    this.directory = Files.createDirectories(directory);
    this.tally = tally;
    random = new Random(seed);
    wanted = new AtomicInteger(recordings);
    serverTroubles = recordings / 40 + 1;
    boolean onSmallDisk = random.nextInt(3) == 0 && smallDisk;
    disk = onSmallDisk ? SmallDisk.mount(spool(), DISK_MEBIBYTES) : Optional.empty();
    store = random.nextBoolean() ? new DirectoryStore(directory) : new WebStore(directory);
    site =
        new CampaignSite(
            directory,
            """
            rayo.spool { directory = "%s", watermark = 2 MiB }
            rayo.storage.complete-deadline = 1s
            """
                    .formatted(spool())
                + store.config(),
            CLIENTS);
  }

  /** Where the spool of a round is. */
  static Path spool(Path directory) {
    return directory.resolve("var/spool");
  }

  Path spool() {
    return spool(directory);
  }

  CampaignSite site() {
    return site;
  }

  SoftPhone phone() {
    return phone;
  }

  /** Whether one more recording is wanted. */
  boolean takesOne() {
    return wanted.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  void givesOneBack() {
    wanted.incrementAndGet();
  }

  /** A {@code <record/>} was sent. */
  synchronized void add(Take take) {
    takes.add(take);
    if (full) {
      take.noRoom();
    }
  }

  private synchronized List<Take> takes() {
    return List.copyOf(takes);
  }

  /** Ends the server without a word, and notes what had been said by then. */
  void kill() {
    boolean starved = site.starvedMillis() > STARVED_MILLIS;
    site.kill();
    takes().forEach(take -> take.killed(starved));
    if (starved) {
      tally.killsOfTheStarved++;
    }
  }

  void tear(TornSpool spool) throws IOException {
    List<String> torn = spool.tear();
    for (Take take : takes()) {
      if (take.component().filter(c -> torn.contains(Verdict.recordingId(c))).isPresent()) {
        take.torn();
      }
    }
  }

  /**
   * Makes the recordings, waits for their ends, and counts.
   *
   * @return whether the promise held
   */
  boolean run() throws Exception {
    int before = tally.broken();
    site.start();
    ExecutorService threads = Executors.newCachedThreadPool(Round::daemon);
    List<Future<Integer>> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Random luck = new Random(random.nextLong());
      callers.add(
          threads.submit(new Caller(this, "caller" + i, site.clients().get(i % CLIENTS), luck)));
    }
    AtomicBoolean over = new AtomicBoolean();
    Random weather = new Random(random.nextLong());
    Future<Integer> storeTroubles = threads.submit(() -> troubleStore(weather, over));
    troubleServer();
    for (Future<Integer> caller : callers) {
      caller.get(5, TimeUnit.MINUTES);
    }
    over.set(true);
    storeTroubles.get(1, TimeUnit.MINUTES);
    threads.shutdownNow();
    takes().forEach(Caller::endNow);
    settle();
    return tally.broken() == before;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "campaign");
    thread.setDaemon(true);
    return thread;
  }

  private void troubleServer() throws IOException {
    for (int i = 0; i < serverTroubles; i++) {
      awaitTakes(takes().size() + AMONG);
      CampaignSite.pause(random.nextInt(1500));
      ServerTrouble trouble = TROUBLES.get(random.nextInt(TROUBLES.size()));
      tally.trouble(trouble.name());
      trouble.strike(this, random);
    }
  }

  /** However slow the machine is, there is something to be hit. */
  private void awaitTakes(int count) {
    for (int slice = 0; slice < 100 && wanted.get() > 0 && takes().size() < count; slice++) {
      CampaignSite.pause(100);
    }
  }

  /** Something else every while, until the callers are through. */
  private int troubleStore(Random weather, AtomicBoolean over) throws IOException {
    int troubles = 0;
    while (!over.get()) {
      store.heal();
      CampaignSite.pause(weather.nextInt(1500));
      if (disk.isPresent() && weather.nextBoolean()) {
        fillDisk(weather);
      } else {
        tally.trouble("STORE_" + store.trouble(weather));
        CampaignSite.pause(200 + weather.nextInt(2500));
      }
      troubles++;
    }
    store.heal();
    return troubles;
  }

  private void fillDisk(Random weather) throws IOException {
    tally.trouble("DISK_FULL");
    synchronized (this) {
      full = true;
      takes.forEach(Take::noRoom);
    }
    disk.orElseThrow().fill(weather.nextInt(200_000));
    CampaignSite.pause(200 + weather.nextInt(1500));
    disk.orElseThrow().free();
    synchronized (this) {
      full = false;
    }
  }

  /** With nothing wrong any more, every recording ends and gets into the store. */
  private void settle() throws IOException {
    site.comeBack();
    Verdict verdict = new Verdict(tally, store, takes());
    verdict.awaitCompletes(Duration.ofSeconds(60));
    if (!verdict.stored(Duration.ofSeconds(10))) {
      // The pauses between tries have grown; a server that starts tries at once.
      tally.settledByRestart++;
      site.terminate();
      site.start();
      verdict.stored(Duration.ofSeconds(30));
    }
    int code = site.terminate();
    if (code != 0) {
      throw new AssertionError("the last SIGTERM: exit code " + code + "\n" + site.log());
    }
    verdict.count();
  }

  /** Leaves in the directory what may explain what went wrong. */
  void keep() throws IOException {
    Evidence.keep(
        directory, site.clients(), disk.isPresent() ? Optional.of(spool()) : Optional.empty());
  }

  @Override
  public void close() {
    phone.close();
    site.close();
    store.close();
    disk.ifPresent(SmallDisk::close);
  }
}
