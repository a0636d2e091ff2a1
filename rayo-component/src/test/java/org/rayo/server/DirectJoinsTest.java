package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.rtp.RtpCounters;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/**
 * Joins with media direct, asked for over XMPP: two phones hear each other while not a packet
 * passes the server, and hear each other through it again when the join is changed.
 */
@Timeout(120)
class DirectJoinsTest {

  private static final double CALLER = 420;
  private static final double CALLED = 910;
  private static final int RATE = 8000;
  private static final String UNJOIN = "<unjoin xmlns='urn:xmpp:rayo:1'/>";

  private Site site;
  private SoftPhone others;
  private RayoClient juliet;
  private Site.Answered caller;
  private String calledAddress;
  private PhoneCall called;

  @BeforeEach
  void callsUp(@TempDir Path directory) throws Exception {
    site = Site.embedded(directory, "rayo.media.embedded.rtp.dead-after = 2s");
    others = SoftPhone.answering(Answering.atOnce().saying(tone(CALLED)));
    juliet = site.availableClient("juliet", "balcony");
    caller = site.answeredCall(juliet, "caller", options -> options.audio(tone(CALLER)));
    calledAddress =
        expectResult(
                juliet.command(
                    site.component(),
                    "<dial xmlns='urn:xmpp:rayo:1' to='"
                        + others.uri("called")
                        + "' from='sip:office@example.org'/>"))
            .ref();
    juliet.awaitEvent(calledAddress, "answered");
    called = others.incoming().poll(10, TimeUnit.SECONDS);
    assertThat(called).isNotNull();
    await(called.answered());
  }

  @AfterEach
  void close() {
    if (others != null) {
      others.close();
    }
    if (site != null) {
      site.close();
    }
  }

  private static AudioSource tone(double hertz) {
    return AudioSource.tone(hertz, -20, 1000).loop();
  }

  private Received join(String attributes) {
    return juliet.command(
        caller.address(),
        "<join xmlns='urn:xmpp:rayo:1' call-uri='xmpp:" + calledAddress + "' " + attributes + "/>");
  }

  /** Waits until the last half second of what a phone heard is this tone. */
  private static void hears(PhoneCall phone, double hertz) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int after = phone.heard().length + RATE / 2;
    while (System.nanoTime() - deadline < 0) {
      short[] all = phone.heard();
      if (all.length >= after
          && ToneMeter.levelAt(
                  Arrays.copyOfRange(all, all.length - RATE / 2, all.length), RATE, hertz)
              > -26) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(hertz + " Hz is not heard");
  }

  /** Returns when no packet has passed the server for half a second. */
  private RtpCounters standsStill() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    RtpCounters before = site.server().figures().rtp().packets();
    while (System.nanoTime() - deadline < 0) {
      Thread.sleep(500);
      RtpCounters now = site.server().figures().rtp().packets();
      if (now.received() == before.received() && now.sent() == before.sent()) {
        return now;
      }
      before = now;
    }
    throw new AssertionError("packets still pass the server: " + before);
  }

  /** Returns when more than a second has come. */
  private void packetsCome() throws Exception {
    long enough = site.server().figures().rtp().packets().received() + 60;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (site.server().figures().rtp().packets().received() < enough) {
      assertThat(System.nanoTime() - deadline).isNegative();
      Thread.sleep(20);
    }
  }

  private static void endsWithTheCaller(Received.RecordingFacts complete) {
    short[] all = Site.decode(complete).channel(0);
    short[] end = Arrays.copyOfRange(all, all.length - RATE / 4, all.length);
    assertThat(ToneMeter.levelAt(end, RATE, CALLER)).isGreaterThan(-26);
  }

  @Test
  void join_direct_audioGoesPastTheServer_andComesBack() throws Exception {
    expectResult(join("media='direct'"));
    juliet.awaitEvent(caller.address(), "joined");
    juliet.awaitEvent(calledAddress, "joined");
    RtpCounters still = standsStill();
    hears(caller.call(), CALLED);
    hears(called, CALLER);
    assertThat(juliet.command(caller.address(), Site.RECORD).error())
        .isEqualTo("unexpected-request/wait");
    assertThat(
            juliet
                .command(
                    calledAddress, "<join xmlns='urn:xmpp:rayo:1' mixer-name='m' media='bridge'/>")
                .error())
        .isEqualTo("conflict/cancel");
    // Longer than dead-after, in which not one packet may come.
    Thread.sleep(2500);
    RtpCounters now = site.server().figures().rtp().packets();
    assertThat(now.sent()).isEqualTo(still.sent());
    assertThat(now.received()).isEqualTo(still.received());

    expectResult(join("media='bridge'"));
    hears(caller.call(), CALLED);
    hears(called, CALLER);
    assertThat(site.server().figures().rtp().packets().received())
        .isGreaterThan(now.received() + 20);
    assertThat(join("media='direct' direction='send'").error())
        .isEqualTo("feature-not-implemented/modify");

    expectResult(join("media='direct'"));
    standsStill();
    expectResult(juliet.command(calledAddress, UNJOIN));
    juliet.awaitEvent(caller.address(), "unjoined");
    juliet.awaitEvent(calledAddress, "unjoined");
    String component = Site.record(juliet, caller.address(), "wav");
    packetsCome();
    assertThat(join("media='direct'").error()).isEqualTo("conflict/cancel");
    var complete = Site.stop(juliet, component).recording().orElseThrow();
    endsWithTheCaller(complete);
    assertThat(Site.of(juliet, caller.address()).stream().filter(s -> s.isEvent("joined")).count())
        .isEqualTo(1);
  }

  @Test
  void hangup_ofOne_theOtherIsTheServersAgain() throws Exception {
    expectResult(join("media='direct'"));
    standsStill();
    called.hangup();
    juliet.awaitEvent(calledAddress, "end");
    juliet.awaitEvent(caller.address(), "unjoined");
    String component = Site.record(juliet, caller.address(), "wav");
    packetsCome();
    var complete = Site.stop(juliet, component).recording().orElseThrow();
    endsWithTheCaller(complete);
  }
}
