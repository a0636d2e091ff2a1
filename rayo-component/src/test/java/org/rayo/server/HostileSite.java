package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.slf4j.LoggerFactory;

/**
 * A site with one call, whose caller whistles, and a client that means harm: whatever it sends is
 * refused soon, and the call goes on.
 */
final class HostileSite implements AutoCloseable {

  static final String BAD_REQUEST = "bad-request/modify";
  static final String BAD_OPTION = "feature-not-implemented/modify";

  private static final double WHISTLE_HZ = 700;

  /** How long a refusal may take. */
  private static final Duration SOON = Duration.ofSeconds(2);

  /** A machine that is busy with something else is not the server's fault for so many times. */
  private static final int TRIES = 3;

  /** What may be left in memory of all that was refused. */
  private static final long MOST_KEPT_BYTES = 64L << 20;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final long usedBefore;
  private int commands;
  final Site site;
  final RayoClient client;
  final Site.Answered call;

  HostileSite(Path directory, String... config) throws Exception {
    site = Site.embedded(directory, config);
    client = site.availableClient("romeo", "balcony");
    call = site.talkingCall(client, "whistler", AudioSource.tone(WHISTLE_HZ, -12, 10_000).loop());
    callGoesOn();
    usedBefore = usedBytes();
    log.start();
    rayoLog().addAppender(log);
  }

  private static Logger rayoLog() {
    return (Logger) LoggerFactory.getLogger("org.rayo");
  }

  /** A command to the call is refused with one of these errors, soon. */
  Received refused(String command, String... errors) {
    return refusedBy(call.address(), command, errors);
  }

  /** A command is refused with one of these errors, soon. */
  Received refusedBy(String to, String command, String... errors) {
    String shown = command.length() > 300 ? command.substring(0, 300) + "…" : command;
    Duration took = Duration.ZERO;
    for (int i = 0; i < TRIES; i++) {
      long begin = System.nanoTime();
      Received answer = sent(to, command);
      took = Duration.ofNanos(System.nanoTime() - begin);
      assertThat(answer.error()).as("%s: %s", shown, cut(answer.xml())).isIn((Object[]) errors);
      assertThat(answer.errorText()).as(shown).isNotBlank().hasSizeLessThan(2000);
      if (took.compareTo(SOON) < 0) {
        return answer;
      }
    }
    throw new AssertionError("refused only after " + took + ": " + shown);
  }

  /** Octet by octet as it is written here, which no library would. */
  private Received sent(String to, String command) {
    String id = "hostile-" + ++commands;
    client.sendText("<iq type='set' id='" + id + "' to='" + to + "'>" + command + "</iq>");
    return client.await(id);
  }

  private static String cut(String xml) {
    return xml.length() > 2000 ? xml.substring(0, 2000) + "…" : xml;
  }

  /** Starts a component. */
  String begun(String command) {
    return Site.expectResult(client.command(call.address(), command)).ref();
  }

  /** The call is still there, its caller is heard, and it can be recorded. */
  void callGoesOn() {
    Received complete =
        client.awaitEvent(
            begun(
                Site.recordCommand(
                    "format='wav' start-beep='false' direction='send' max-duration='300'")),
            "complete");
    Decoded heard = Site.decode(complete.recording().orElseThrow());
    assertThat(heard.durationMillis()).isEqualTo(300);
    short[] pcm = heard.channel(0);
    short[] middle = Arrays.copyOfRange(pcm, pcm.length / 4, pcm.length * 3 / 4);
    assertThat(ToneMeter.levelAt(middle, heard.sampleRateHz(), WHISTLE_HZ)).isGreaterThan(-20);
  }

  /** No component of the call was begun and not ended. */
  void nothingIsLeftOver() {
    List<Received> all = Site.of(client, call.address());
    List<String> begun =
        all.stream().filter(s -> s.child("ref").isPresent()).map(Received::ref).toList();
    List<String> ended =
        all.stream().filter(s -> s.isEvent("complete")).map(Received::from).toList();
    assertThat(ended).containsExactlyInAnyOrderElementsOf(begun);
  }

  /** Nothing in the server has failed, and none of what it refused is kept. */
  void serverIsSound() {
    assertThat(
            List.copyOf(log.list).stream()
                .filter(
                    event ->
                        event.getLevel().isGreaterOrEqual(Level.ERROR)
                            || event.getFormattedMessage().contains("unexpected"))
                .map(event -> event.getLevel() + " " + event.getFormattedMessage()))
        .isEmpty();
    assertThat(usedBytes() - usedBefore).as("bytes kept").isLessThan(MOST_KEPT_BYTES);
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Override
  public void close() {
    rayoLog().detachAppender(log);
    site.close();
  }
}
