package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ACCEPT;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.w3c.dom.Element;

/** Calls that a client dials, and what is played and pressed in calls, over real SIP and RTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallControlTest {

  private static final double TONE = 700;

  private Site site;
  private RayoClient client;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Path recordings = Files.createDirectories(directory.resolve("recordings"));
    site = Site.embedded(directory, "rayo.media.output.directories = [\"" + recordings + "\"]");
    client = site.availableClient("romeo", "balcony");
  }

  @AfterAll
  void close() {
    if (site != null) {
      site.close();
    }
  }

  private String dial(String user, String more, String children) {
    return "<dial xmlns='urn:xmpp:rayo:1' to='"
        + site.sipUri().replace("service", user)
        + "' from='sip:"
        + user
        + "-calls@example.org' "
        + more
        + ">"
        + children
        + "</dial>";
  }

  /** The names of the call's own events and of its components' ends, in order. */
  private List<String> events(String call) {
    return Site.of(client, call).stream()
        .filter(s -> s.stanza().getLocalName().equals("presence"))
        .map(
            s ->
                List.of("offer", "ringing", "answered", "end", "complete").stream()
                    .filter(s::isEvent)
                    .findFirst()
                    .orElse("?"))
        .toList();
  }

  @Test
  void dial_rungAndAnswered_isACallWithEveryEventInOrder() {
    Received placed =
        expectResult(
            client.command(
                site.component(),
                dial(
                    "dialled",
                    "uri='xmpp:one-of-mine@" + site.component() + "'",
                    "<header name='X-Order' value='1'/><header name='X-Order' value='2'/>")));
    assertThat(placed.from()).isEqualTo(site.component());
    String call = placed.ref();
    assertThat(call).isEqualTo("one-of-mine@" + site.component());
    Received offer = site.offer(client, "dialled");
    Element told = offer.child("offer").orElseThrow();
    assertThat(told.getTextContent()).isEmpty();
    assertThat(offer.xml()).containsSubsequence("name='X-Order' value='1'", "X-Order' value='2'");
    expectResult(client.command(offer.from(), ACCEPT));
    client.awaitEvent(call, "ringing");
    expectResult(client.command(offer.from(), ANSWER));
    client.awaitEvent(call, "answered");
    assertThat(
            client
                .command(
                    site.component(),
                    dial("again", "uri='xmpp:one-of-mine@" + site.component() + "'", ""))
                .error())
        .isEqualTo("conflict/modify");
    String recording = Site.record(client, call, "wav");
    expectResult(client.command(offer.from(), HANGUP));
    assertThat(client.awaitEvent(call, "end").reason()).isEqualTo("hungup");
    client.awaitEvent(offer.from(), "end");
    assertThat(recording).startsWith(call);
    assertThat(events(call)).containsExactly("ringing", "answered", "complete", "end");
    assertThat(client.command(call, HANGUP).error()).isEqualTo("item-not-found/cancel");
  }

  @Test
  void dial_hungUpWhileItRings_isCancelled() {
    String call = expectResult(client.command(site.component(), dial("left", "", ""))).ref();
    Received offer = site.offer(client, "left");
    assertThat(client.command(call, ANSWER).error()).isEqualTo("unexpected-request/wait");
    expectResult(client.command(call, HANGUP));
    assertThat(client.awaitEvent(call, "end").reason()).isEqualTo("hangup-command");
    client.awaitEvent(offer.from(), "end");
  }

  @Test
  void dial_declined_endsSo() {
    String call = expectResult(client.command(site.component(), dial("no", "", ""))).ref();
    Received offer = site.offer(client, "no");
    expectResult(client.command(offer.from(), "<reject xmlns='urn:xmpp:rayo:1'><busy/></reject>"));
    assertThat(client.awaitEvent(call, "end").reason()).isEqualTo("busy");
  }

  @Test
  void dial_nobodyAnswersInTime_endsWithTimeout() {
    String call =
        expectResult(client.command(site.component(), dial("late", "timeout='1000'", ""))).ref();
    assertThat(client.awaitEvent(call, "end").reason()).isEqualTo("timeout");
  }

  @Test
  void dial_whatCannotBe_isRefused() {
    String server = site.component();
    assertThat(client.command(server, "<dial xmlns='urn:xmpp:rayo:1' to='foo:bar'/>").error())
        .isEqualTo("bad-request/modify");
    assertThat(
            client.command(server, "<dial xmlns='urn:xmpp:rayo:1' to='tel:+4930123'/>").errorText())
        .contains("tel:");
    assertThat(
            client.command(server, "<dial xmlns='urn:xmpp:rayo:1' to='sip:a@192.0.2.1'/>").error())
        .isEqualTo("bad-request/modify");
    assertThat(client.command(server, dial("x", "uri='xmpp:a@elsewhere.example.org'", "")).error())
        .isEqualTo("bad-request/modify");
    assertThat(client.command(server, dial("x", "uri='xmpp:a b@" + server + "'", "")).error())
        .isEqualTo("bad-request/modify");
  }

  @Test
  void recordedMessage_playedToAnotherCaller_isHeard() throws Exception {
    Site.Answered speaker =
        site.talkingCall(client, "speaker", AudioSource.tone(TONE, -12, 10_000).loop());
    Received recorded =
        expectResult(
            client.command(
                speaker.address(),
                Site.recordCommand(
                    "format='wav' start-beep='false' direction='send' max-duration='1500'")));
    String uri = client.awaitEvent(recorded.ref(), "complete").recording().orElseThrow().uri();
    Site.Answered listener = site.answeredCall(client, "listener", options -> {});
    String output =
        expectResult(
                client.command(
                    listener.address(),
                    "<output xmlns='urn:xmpp:rayo:output:1'><document url='"
                        + uri
                        + "'/></output>"))
            .ref();
    assertThat(client.awaitEvent(output, "complete").reason()).isEqualTo("finish");
    assertThat(Site.awaitTone(listener.call(), TONE)).isGreaterThan(1000);
    expectResult(client.command(speaker.address(), HANGUP));
    expectResult(client.command(listener.address(), HANGUP));
    client.awaitEvent(listener.address(), "end");
  }

  @Test
  void output_whatMayNotBeRead_isRefusedAndStartsNothing() throws Exception {
    Site.Answered answered = site.answeredCall(client, "reader", options -> {});
    for (String url :
        List.of(
            "file:///etc/passwd", "http://127.0.0.1:1/a.wav", "http://[::ffff:10.0.0.1]/a.wav")) {
      Received refusal =
          client.command(
              answered.address(),
              "<output xmlns='urn:xmpp:rayo:output:1'><document url='" + url + "'/></output>");
      assertThat(refusal.error()).as(url).isEqualTo("bad-request/modify");
    }
    expectResult(client.command(answered.address(), HANGUP));
    client.awaitEvent(answered.address(), "end");
    assertThat(events(answered.address())).doesNotContain("complete");
  }

  @Test
  void input_keysOfThePhone_areMatched() throws Exception {
    Site.Answered answered =
        site.answeredCall(client, "presser", options -> options.telephoneEvent(true));
    String input =
        expectResult(
                client.command(
                    answered.address(),
                    "<input xmlns='urn:xmpp:rayo:input:1' mode='dtmf' terminator='#'>"
                        + "<grammar url='builtin:dtmf/digits'/></input>"))
            .ref();
    for (char key : "42#".toCharArray()) {
      await(answered.call().press(key));
    }
    Received complete = client.awaitEvent(input, "complete");
    assertThat(complete.reason()).isEqualTo("match");
    assertThat(complete.xml()).contains("4 2");
    expectResult(client.command(answered.address(), HANGUP));
    client.awaitEvent(answered.address(), "end");
  }
}
