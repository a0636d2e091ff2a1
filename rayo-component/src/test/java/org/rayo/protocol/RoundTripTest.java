package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.Header;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.protocol.CallCommand.Hint;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** Each writer against its reader, through text. */
class RoundTripTest {

  private static final JID CALL = new JID("c41@rayo.example.org");
  private static final JID CLIENT = new JID("ann@example.org/desk");
  private static final Instant WHEN = Instant.parse("2026-03-04T05:06:07.089Z");

  private static final List<Header> HEADERS =
      List.of(new Header("Route", "<sip:a&b>"), new Header("x-q", "\"'"), new Header("Route", ""));

  static List<RayoCommand> commands() throws Exception {
    List<RayoCommand> commands = new ArrayList<>();
    for (List<Header> headers : List.of(HEADERS, List.<Header>of())) {
      commands.add(new CallCommand.Accept(headers));
      commands.add(new CallCommand.Answer(headers));
      commands.add(new CallCommand.Hangup(headers));
      commands.add(new CallCommand.Redirect(URI.create("sip:bo@example.org;lr?a=b"), headers));
      commands.add(new CallCommand.Reject(RejectReason.DECLINE, headers));
      commands.add(new CallCommand.Reject(RejectReason.BUSY, headers));
      commands.add(new CallCommand.Reject(RejectReason.ERROR, headers));
    }
    commands.add(new ComponentCommand.Stop());
    commands.add(new ComponentCommand.PauseRecord());
    commands.add(new ComponentCommand.ResumeRecord());
    for (AudioFormat format : AudioFormat.values()) {
      for (Direction direction : Direction.values()) {
        commands.add(
            new RecordCommand(
                Optional.of(format),
                Optional.of(true),
                Optional.of(false),
                Optional.of(true),
                OptionalLong.of(1),
                OptionalLong.of(2),
                OptionalLong.of(Long.MAX_VALUE),
                Optional.of(direction),
                Optional.of(false),
                RecordingHints.of(
                    List.of(new Hint("quality", "3"), new Hint("x", "<&>"), new Hint("x", "")))));
      }
    }
    for (String command : KnownStanzas.COMMANDS) {
      commands.add(RayoReader.read(Xml.parse(command), Dialect.XEP_0327));
    }
    commands.addAll(List.of(ComponentCommand.OutputStep.values()));
    commands.add(new ComponentCommand.Seek(20_000));
    commands.add(new ComponentCommand.Seek(-Long.MAX_VALUE));
    commands.add(
        new ServerCommand.Dial(
            URI.create("sip:a@example.org;lr?a=b&c=d"),
            Optional.of(URI.create("xmpp:a@example.org/b")),
            Optional.of(new JID("c#1@rayo.example.org")),
            OptionalLong.of(Long.MAX_VALUE),
            HEADERS,
            List.of(
                new CallCommand.Join(
                    new JoinTarget.OfMixer("Big Room".replace(' ', '-'), "big-room"),
                    JoinRequest.Direction.RECV,
                    JoinRequest.Media.DIRECT))));
    commands.add(
        new ServerCommand.Dial(
            URI.create("tel:1"),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            List.of(),
            List.of()));
    commands.add(new CallCommand.Unjoin(Optional.empty()));
    for (JoinRequest.Direction direction : JoinRequest.Direction.values()) {
      JoinTarget call = new JoinTarget.OfCall(new JID("c#1@rayo.example.org"));
      commands.add(new CallCommand.Join(call, direction, JoinRequest.Media.BRIDGE));
      commands.add(new CallCommand.Unjoin(Optional.of(call)));
    }
    return commands;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void command_writtenAndRead_isTheSame(RayoCommand command) throws Exception {
    for (Dialect dialect : Dialect.values()) {
      Element read = Xml.parse(RayoWriter.write(command).asXML());
      assertThat(RayoReader.read(read, dialect)).isEqualTo(command);
    }
  }

  @Test
  void write_rejectForNobodyThere_isNoCommand() {
    RayoCommand command = new CallCommand.Reject(RejectReason.UNAVAILABLE, List.of());
    assertThatThrownBy(() -> RayoWriter.write(command))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("UNAVAILABLE");
  }

  static List<RayoEvent> events() {
    List<RayoEvent> events = new ArrayList<>();
    events.add(
        new RayoEvent.Offer(URI.create("sip:1@example.org"), URI.create("tel:+15550100"), HEADERS));
    events.add(new RayoEvent.Ringing(HEADERS));
    events.add(new RayoEvent.Answered(List.of()));
    for (EndReason reason : EndReason.values()) {
      events.add(new RayoEvent.End(reason, Optional.of("16"), HEADERS));
      events.add(new RayoEvent.End(reason, Optional.empty(), List.of()));
    }
    RayoEvent.Recording recording =
        new RayoEvent.Recording(URI.create("https://example.org/r/a.mp3?x=1&y=2"), 0, 44);
    for (CompleteReason.Name name : CompleteReason.Name.values()) {
      if (name == CompleteReason.Name.SIGNAL) {
        continue; // Never without its signal: below.
      }
      events.add(new RayoEvent.Complete(CompleteReason.of(name), Optional.of(recording)));
      events.add(new RayoEvent.Complete(CompleteReason.of(name), Optional.empty()));
    }
    events.add(
        new RayoEvent.Complete(CompleteReason.error("disk <full> & gone"), Optional.of(recording)));
    events.add(
        new RayoEvent.Complete(
            CompleteReason.match("<result grammar=\"a&amp;b\">1 2 \u20ac</result>"),
            Optional.empty()));
    events.add(new RayoEvent.InputTimersStarted());
    JID other = new JID("c#2@rayo.example.org");
    for (JoinTarget target :
        List.of(new JoinTarget.OfCall(other), new JoinTarget.OfMixer("Lobby", "lobby"))) {
      events.add(new RayoEvent.Joined(target));
      events.add(new RayoEvent.Unjoined(target));
    }
    events.add(new RayoEvent.SpeakingChanged(other, true));
    events.add(new RayoEvent.SpeakingChanged(other, false));
    for (SignalType type : SignalType.values()) {
      CpaSignal signal = new CpaSignal(type, OptionalLong.of(4690), Optional.of("machine"));
      events.add(new RayoEvent.SignalDetected(signal));
      events.add(new RayoEvent.Complete(CompleteReason.signal(signal), Optional.empty()));
    }
    events.add(
        new RayoEvent.SignalDetected(
            new CpaSignal(SignalType.DTMF, OptionalLong.empty(), Optional.empty())));
    return events;
  }

  @Test
  void match_text_hasItsContentType() {
    RayoEvent event = new RayoEvent.Complete(CompleteReason.match("<result/>"), Optional.empty());
    Element match = RayoWriter.write(event).elements().get(0);
    assertThat(match.getNamespaceURI()).isEqualTo("urn:xmpp:rayo:input:complete:1");
    assertThat(match.attributeValue("content-type")).isEqualTo("application/nlsml+xml");
    assertThat(match.getText()).isEqualTo("<result/>");
  }

  @Test
  void inputTimersStarted_element_isOfThePrompt() {
    Element started = RayoWriter.write(new RayoEvent.InputTimersStarted());
    assertThat(started.getNamespaceURI()).isEqualTo("urn:xmpp:rayo:prompt:1");
    assertThat(started.getName()).isEqualTo("input-timers-started");
  }

  @ParameterizedTest
  @MethodSource("events")
  void event_writtenAndRead_isTheSame(RayoEvent event) {
    Presence written = RayoWriter.presence(CALL, CLIENT, event, WHEN, "e-7");
    Presence read = new Presence(Xml.parse(written.toXML()));
    assertThat(RayoEventReader.read(read)).contains(event);
    assertThat(RayoEventReader.stamp(read)).contains(WHEN);
    assertThat(read.getID()).isEqualTo("e-7");
    assertThat(read.getFrom()).isEqualTo(CALL);
    assertThat(read.getTo()).isEqualTo(CLIENT);
    boolean last = event instanceof RayoEvent.End || event instanceof RayoEvent.Complete;
    assertThat(read.getElement().attributeValue("type")).isEqualTo(last ? "unavailable" : null);
  }

  @ParameterizedTest
  @EnumSource(EndReason.class)
  void end_platformCode_standsOnTheReason(EndReason reason) {
    Element end = RayoWriter.write(new RayoEvent.End(reason, Optional.of("17"), HEADERS));
    assertThat(end.elements().get(0).attributeValue("platform-code")).isEqualTo("17");
    assertThat(end.elements()).hasSize(1 + HEADERS.size());
  }

  @Test
  void presence_delay_isUtcToTheMillisecond() {
    Presence presence =
        RayoWriter.presence(
            CALL, CLIENT, new RayoEvent.Ringing(List.of()), Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(presence.toXML())
        .contains("<delay xmlns=\"urn:xmpp:delay\" stamp=\"2026-01-01T00:00:00.000Z\"/>");
  }

  @Test
  void presence_withoutAnId_getsAFreshOne() {
    RayoEvent event = new RayoEvent.Ringing(List.of());
    assertThat(RayoWriter.presence(CALL, CLIENT, event, WHEN).getID())
        .isNotBlank()
        .isNotEqualTo(RayoWriter.presence(CALL, CLIENT, event, WHEN).getID());
  }

  @Test
  void offer_caps_comeFirstAndAreCopied() {
    Element caps = Xml.parse("<c xmlns='http://jabber.org/protocol/caps' node='urn:n' ver='v'/>");
    RayoEvent.Offer offer =
        new RayoEvent.Offer(URI.create("sip:1@a.org"), URI.create("sip:2@b.org"), List.of());
    for (int i = 0; i < 2; i++) {
      Presence presence = RayoWriter.offer(CALL, CLIENT, offer, WHEN, caps);
      Element read = Xml.parse(presence.toXML());
      assertThat(read.elements())
          .extracting(Element::getName)
          .containsExactly("c", "offer", "delay");
      assertThat(Xml.meaning(read.elements().get(0))).isEqualTo(Xml.meaning(caps));
    }
  }

  @Test
  void complete_reason_comesBeforeTheRecording() {
    RayoEvent event =
        new RayoEvent.Complete(
            CompleteReason.of(CompleteReason.Name.STOP),
            Optional.of(new RayoEvent.Recording(URI.create("file:/a.wav"), 1, 2)));
    assertThat(RayoWriter.write(event).elements())
        .extracting(Element::getName)
        .containsExactly("stop", "recording");
  }

  @Test
  void complete_textThatXmlCannotCarry_isReplaced() {
    RayoEvent event =
        new RayoEvent.Complete(CompleteReason.error("a\u0000b\uD800c\uFFFE😀"), Optional.empty());
    Element read = Xml.parse(RayoWriter.write(event).asXML());
    assertThat(read.elements().get(0).getText()).isEqualTo("a\uFFFDb\uFFFDc\uFFFD😀");
  }

  @Test
  void read_presenceWithoutAnEvent_isNone() {
    Presence presence = new Presence(Xml.parse("<presence><show>chat</show></presence>"));
    assertThat(RayoEventReader.read(presence)).isEmpty();
    assertThat(RayoEventReader.stamp(presence)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<offer xmlns='urn:xmpp:rayo:1' to='sip:a@b'/>",
        "<offer xmlns='urn:xmpp:rayo:1' to='sip:a b' from='sip:a@b'/>",
        "<end xmlns='urn:xmpp:rayo:1'/>",
        "<end xmlns='urn:xmpp:rayo:1'><tired/></end>",
        "<complete xmlns='urn:xmpp:rayo:ext:1'/>",
        "<complete xmlns='urn:xmpp:rayo:ext:1'><recording"
            + " xmlns='urn:xmpp:rayo:record:complete:1' uri='a' duration='1' size='1'/></complete>",
        "<complete xmlns='urn:xmpp:rayo:ext:1'><stop xmlns='urn:xmpp:rayo:ext:complete:1'/>"
            + "<recording xmlns='urn:xmpp:rayo:record:complete:1' uri='a' duration='x' size='1'/>"
            + "</complete>",
        "<signal xmlns='urn:xmpp:rayo:cpa:1'/>",
        "<signal xmlns='urn:xmpp:rayo:cpa:1' type='urn:xmpp:rayo:cpa:smell:1'/>",
        "<signal xmlns='urn:xmpp:rayo:cpa:1' type='urn:xmpp:rayo:cpa:beep:1' duration='-1'/>",
        "<ringing xmlns='urn:xmpp:rayo:1'><header name='a'/></ringing>"
      })
  void read_anEventThatIsNotAsTheXepSays_isRefused(String event) {
    Presence presence = new Presence(Xml.parse("<presence>" + event + "</presence>"));
    assertThatThrownBy(() -> RayoEventReader.read(presence))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
