package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.STOP;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.slf4j.LoggerFactory;

/**
 * A client that sends nonsense as fast as it is answered, through an XMPP server: it gets an answer
 * to each, and nobody else notices.
 */
abstract class RecordTortureContract {

  private static final int STANZAS = Integer.getInteger("rayo.test.stanzas", 800);
  private static final int AT_ONCE = 200;
  private static final long MOST_HEAP_GROWTH = 48L << 20;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  /** A site on the XMPP server that is to be tested. */
  abstract Site start(Path directory) throws Exception;

  @Test
  void mutatedStanzas_byTheThousand_areAllAnsweredAndTheRecordingGoesOn(@TempDir Path directory)
      throws Exception {
    Logger rayoLog = (Logger) LoggerFactory.getLogger("org.rayo");
    try (Site site = start(directory)) {
      log.start();
      rayoLog.addAppender(log);
      RayoClient steady = site.availableClient("romeo", "balcony");
      site.warmUp(steady);
      Answered recorded = site.talkingCall(steady, "steady", TimeCode.source());
      String recording =
          Site.start(steady, recorded.address(), "format='wav' start-beep='false'").ref();
      long droppedBefore = site.server().figures().recorder().framesDropped();

      // The first of them load what is loaded once.
      torture(site, "first", recording, STANZAS / 5);
      long heapBefore = heap();
      torture(site, "second", recording, STANZAS - STANZAS / 5);
      long growth = heap() - heapBefore;

      Received complete = Site.stop(steady, recording);
      recorded.call().hangup();
      steady.awaitEvent(recorded.address(), "end");
      RecordingFacts facts = complete.recording().orElseThrow();
      assertThat(complete.reason()).isEqualTo("stop");
      assertThat(Site.decode(facts).durationMillis()).isEqualTo(facts.durationMillis());
      assertThat(TimeCode.read(Site.decode(facts).channel(0))).isNotEmpty();
      assertThat(site.server().figures().recorder().framesDropped()).isEqualTo(droppedBefore);
      System.out.printf(
          Locale.ROOT,
          "figure: %s heap grew by %.1f MiB; the recording beside it: %d ms%n",
          getClass().getSimpleName(),
          growth / 1048576.0,
          facts.durationMillis());
      assertThat(growth).isLessThan(MOST_HEAP_GROWTH);
      assertThat(site.server().calls()).isZero();
      expectNoFaultLogged();
    } finally {
      rayoLog.detachAppender(log);
    }
  }

  /** A session of a hostile client, of which nothing is left but what the server keeps. */
  private void torture(Site site, String caller, String recording, int stanzas) throws Exception {
    RayoClient hostile = site.availableClient("juliet", caller);
    Answered own = site.answeredCall(hostile, caller, o -> o.audio(AudioSource.silence(10)));
    Torture torture = new Torture(hostile, own.address(), recording, stanzas);
    long began = System.nanoTime();
    torture.send(stanzas);
    double seconds = (System.nanoTime() - began) / 1e9;
    site.settle(hostile);
    own.call().hangup();
    hostile.awaitEvent(own.address(), "end");
    expectOneCompleteEach(hostile, torture.started);
    System.out.printf(
        Locale.ROOT,
        "figure: %s %d mutated stanzas, %.0f a second, %d began a recording, answered with %s%n",
        getClass().getSimpleName(),
        stanzas,
        stanzas / seconds,
        torture.started.size(),
        torture.answers);
    site.logOut(hostile);
  }

  private static void expectOneCompleteEach(RayoClient client, Set<String> components) {
    for (String component : components) {
      client.awaitEvent(component, "complete");
    }
    List<String> completes =
        client.received().stream().filter(s -> s.isEvent("complete")).map(Received::from).toList();
    assertThat(completes).doesNotHaveDuplicates().hasSameSizeAs(components);
  }

  private void expectNoFaultLogged() {
    assertThat(
            List.copyOf(log.list).stream()
                .filter(
                    event ->
                        event.getLevel().isGreaterOrEqual(Level.ERROR)
                            || (event.getThrowableProxy() != null
                                && event.getLevel().isGreaterOrEqual(Level.WARN)))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage()))
        .isEmpty();
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** The stanzas, and what came of them. */
  private static final class Torture {

    private final RayoClient client;
    private final StanzaMutator mutator;
    private final List<String> targets;
    private final Map<String, Integer> answers = new TreeMap<>();
    private final Set<String> started = new HashSet<>();
    private int sent;

    Torture(RayoClient client, String call, String strangersRecording, long seed) {
      this.client = client;
      mutator = new StanzaMutator(seed);
      // Mostly to the call that it controls, where most can happen.
      targets =
          List.of(
              call,
              call,
              call,
              call,
              call,
              call + "/1",
              call + "/nothing",
              strangersRecording,
              strangersRecording.split("/", 2)[0]);
    }

    void send(int count) {
      for (int left = count; left > 0; left -= AT_ONCE) {
        batch(Math.min(left, AT_ONCE));
      }
    }

    private void batch(int count) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String id = "torture" + sent++;
        String type = sent % 40 == 0 ? "get" : "set";
        client.sendText(
            "<iq type='"
                + type
                + "' id='"
                + id
                + "' to='"
                + targets.get(sent % targets.size())
                + "'>"
                + mutator.next()
                + "</iq>");
        ids.add(id);
      }
      List<String> running = new ArrayList<>();
      for (String id : ids) {
        Received answer = client.await(id);
        boolean result = answer.type().equals("result");
        answers.merge(result ? "result" : answer.error(), 1, Integer::sum);
        if (result && answer.child("ref").isPresent()) {
          running.add(answer.ref());
        }
      }
      started.addAll(running);
      // They may have ended by themselves.
      running.stream()
          .map(component -> client.sendCommand(component, STOP))
          .toList()
          .forEach(client::await);
    }
  }
}
