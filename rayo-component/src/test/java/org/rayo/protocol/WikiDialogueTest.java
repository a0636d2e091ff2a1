package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.protocol.CallCommand.Hint;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** Every kind of stanza that the wiki page of 2011 has for recording, in its dialect. */
class WikiDialogueTest {

  private static final JID COMPONENT = new JID("77aa@calls.example.org/rec1");
  private static final JID CLIENT = new JID("app7@example.net/main");
  private static final URI FILE = URI.create("file:/var/rayo/77aa-rec1.mp3");

  private static RayoCommand read(String to, String child) throws CommandRefusedException {
    IQ iq =
        new IQ(
            Xml.parse(
                "<iq type='set' id='w1' from='app7@example.net/main' to='"
                    + to
                    + "'>\n  "
                    + child
                    + "\n</iq>"));
    return RayoReader.read(iq.getChildElement(), Dialect.WIKI);
  }

  @Test
  void record_empty_isAnMp3WithABeep() throws Exception {
    RayoCommand command =
        read("77aa@calls.example.org/1", "<record xmlns='urn:xmpp:rayo:record:1'/>");
    RecordingRequest request = Dialect.WIKI.request((RecordCommand) command);
    assertThat(request.format()).isEqualTo(AudioFormat.MP3);
    assertThat(request.startBeep()).isTrue();
    assertThat(request.startPaused()).isFalse();
    assertThat(request.maxDuration()).isEmpty();
  }

  @Test
  void record_withAllThatThePageHas_isUnderstood() throws Exception {
    RecordCommand command =
        (RecordCommand)
            read(
                "77aa@calls.example.org/1",
                """
                <record xmlns='urn:xmpp:rayo:record:1'
                    format='mp3'
                    start-beep='true'
                    start-paused='false'
                    max-duration='500000'
                    initial-timeout='10000|none'
                    final-timeout='30000|none'>
                  <!-- for the encoder -->
                  <hint name="quality" value="4" />
                  <hint name="double-pass" value="true" />
                </record>""");
    RecordingRequest request = Dialect.WIKI.request(command);
    assertThat(command.hints().written())
        .containsExactly(new Hint("quality", "4"), new Hint("double-pass", "true"));
    assertThat(request.maxDuration()).contains(Duration.ofSeconds(500));
    assertThat(request.initialTimeout()).contains(Duration.ofSeconds(10));
    assertThat(request.finalTimeout()).contains(Duration.ofSeconds(30));
    assertThat(request.encoding()).isEqualTo(new Encoding(OptionalInt.of(4), OptionalInt.empty()));
  }

  @Test
  void record_answer_hasTheIdOfThePage() {
    assertThat(Dialect.WIKI.ref(COMPONENT).attributeValue("id")).isEqualTo("rec1");
  }

  @Test
  void commandsOnTheComponent_areUnderstood() throws Exception {
    String to = COMPONENT.toString();
    assertThat(read(to, "<pause xmlns='urn:xmpp:rayo:record:1' />"))
        .isEqualTo(new ComponentCommand.PauseRecord());
    assertThat(read(to, "<resume xmlns='urn:xmpp:rayo:record:1' />"))
        .isEqualTo(new ComponentCommand.ResumeRecord());
    assertThat(read(to, "<stop xmlns='urn:xmpp:rayo:ext:1'/>"))
        .isEqualTo(new ComponentCommand.Stop());
  }

  @ParameterizedTest
  @CsvSource({
    "FINAL_TIMEOUT, success, urn:xmpp:rayo:record:complete:1",
    "MAX_DURATION, success, urn:xmpp:rayo:record:complete:1",
    "STOP, stop, urn:xmpp:rayo:ext:complete:1",
    "HANGUP, hangup, urn:xmpp:rayo:ext:complete:1",
  })
  void complete_isAsThePageHasIt_andUnavailable(Cause cause, String reason, String namespace) {
    Presence written =
        complete(cause, Optional.empty(), Optional.of(new RayoEvent.Recording(FILE, 34000, 23450)));
    assertThat(Xml.meaning(written.getElement()))
        .isEqualTo(
            Xml.meaning(
                Xml.parse(
                    "<presence id='e1' type='unavailable' to='app7@example.net/main'"
                        + " from='77aa@calls.example.org/rec1'>"
                        + "<complete xmlns='urn:xmpp:rayo:ext:1'><"
                        + reason
                        + " xmlns='"
                        + namespace
                        + "'/><recording xmlns='urn:xmpp:rayo:record:complete:1'"
                        + " uri='file:/var/rayo/77aa-rec1.mp3' duration='34000' size='23450'/>"
                        + "</complete><delay xmlns='urn:xmpp:delay'"
                        + " stamp='1970-01-01T00:00:00.000Z'/></presence>")));
  }

  @ParameterizedTest
  @CsvSource({"ERROR, the disk is full", "INITIAL_TIMEOUT, timed out"})
  void complete_withAnError_hasItsText(Cause cause, String text) {
    Optional<String> failure =
        cause == Cause.ERROR ? Optional.of("the disk is full") : Optional.empty();
    Presence written = complete(cause, failure, Optional.empty());
    assertThat(RayoEventReader.read(written))
        .contains(new RayoEvent.Complete(CompleteReason.error(text), Optional.empty()));
  }

  private static Presence complete(
      Cause cause, Optional<String> failure, Optional<RayoEvent.Recording> recording) {
    RayoEvent event = new RayoEvent.Complete(Dialect.WIKI.reason(cause, failure), recording);
    return RayoWriter.presence(COMPONENT, CLIENT, event, Instant.EPOCH, "e1");
  }

  @Test
  void complete_asThePagePrintsIt_isReadWithoutItsLineBreaks() {
    Presence printed =
        new Presence(
            Xml.parse(
                """
                <presence to='app7@example.net/main' from='77aa@calls.example.org/rec1'>
                  <complete xmlns='urn:xmpp:rayo:ext:1'>
                    <error xmlns='urn:xmpp:rayo:ext:complete:1'>
                      It broke
                    </error>
                  </complete>
                </presence>"""));
    assertThat(RayoEventReader.read(printed))
        .contains(new RayoEvent.Complete(CompleteReason.error("It broke"), Optional.empty()));
  }
}
