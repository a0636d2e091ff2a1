package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.media.RecordingRequest.Participants;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.xmpp.packet.PacketError.Condition;

/** A record with a channel for each participant: of a mixer, and nowhere else. */
class ParticipantHintsTest {

  private static final String CHANNELS = "<hint name='channels' value='participants'/>";
  private static final String FIVE = "<hint name='participant-channels' value='5'/>";

  private static RecordCommand command(Dialect dialect, String attributes, String hints)
      throws CommandRefusedException {
    String xml = "<record xmlns='urn:xmpp:rayo:record:1' " + attributes + ">" + hints + "</record>";
    return (RecordCommand) RayoReader.read(Xml.parse(xml), dialect);
  }

  private static StanzaError refusal(ThrowingCallable call) {
    CommandRefusedException refused = catchThrowableOfType(CommandRefusedException.class, call);
    assertThat(refused).isNotNull();
    return refused.error();
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void mixerRequest_participants_hasTheConfiguredChannelsOfAWav(Dialect dialect) throws Exception {
    RecordingRequest request = dialect.mixerRequest(command(dialect, "", CHANNELS), 12);
    assertThat(request.participants()).isEqualTo(Participants.inChannels(12));
    assertThat(request.participantChannels()).hasValue(12);
    assertThat(request.channels()).isEqualTo(12);
    assertThat(request.format()).isEqualTo(AudioFormat.WAV);
    assertThat(request.direction()).isEqualTo(Direction.RECV);
  }

  @Test
  void mixerRequest_participantChannels_goBeforeTheConfiguredOnes() throws Exception {
    RecordCommand command =
        command(
            Dialect.XEP_0327,
            "format='wav' mix='false' direction='duplex' max-duration='1000' start-beep='true'",
            FIVE + CHANNELS + "<hint name='encoding' value='ulaw'/>");
    RecordingRequest request = Dialect.XEP_0327.mixerRequest(command, 12);
    assertThat(request.channels()).isEqualTo(5);
    assertThat(request.maxDuration().orElseThrow()).hasMillis(1000);
    assertThat(request.startBeep()).isTrue();
    assertThat(request.encoding()).isEqualTo(command.hints().encoding());
    assertThat(command.hints().participants()).isTrue();
    assertThat(command.hints().participantChannels()).isEqualTo(OptionalInt.of(5));
    assertThat(RayoReader.read(RayoWriter.write(command), Dialect.XEP_0327)).isEqualTo(command);
  }

  @Test
  void mixerRequest_withoutTheHint_isOneChannelWithATimeline() throws Exception {
    RecordingRequest request =
        Dialect.XEP_0327.mixerRequest(command(Dialect.XEP_0327, "format='opus'", ""), 12);
    assertThat(request.participants()).isEqualTo(Participants.TIMELINE);
    assertThat(request.participantChannels()).isEmpty();
    assertThat(request.channels()).isEqualTo(1);
    assertThat(request.format()).isEqualTo(AudioFormat.OPUS);
    assertThat(Dialect.WIKI.mixerRequest(command(Dialect.WIKI, "", ""), 12).format())
        .isEqualTo(AudioFormat.MP3);
  }

  @Test
  void mixerRequest_send_isNotImplemented() throws Exception {
    RecordCommand command = command(Dialect.XEP_0327, "direction='send'", "");
    StanzaError error = refusal(() -> Dialect.XEP_0327.mixerRequest(command, 8));
    assertThat(error.condition()).isEqualTo(Condition.feature_not_implemented);
    assertThat(error.text()).contains("'send'", "duplex and recv are allowed");
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void request_ofACall_isRefusedAndSaysWhatThereIs(Dialect dialect) throws Exception {
    RecordCommand command = command(dialect, "", CHANNELS);
    StanzaError error = refusal(() -> dialect.request(command));
    assertThat(error.condition()).isEqualTo(Condition.bad_request);
    assertThat(error.text()).startsWith("hint channels is 'participants'").contains("mixer");
    assertThat(dialect.request(command(dialect, "", "")).participants())
        .isEqualTo(Participants.UNTOLD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "format='mp3' | format is 'mp3' | wav is allowed",
        "format='OPUS' | format is 'opus' | wav is allowed",
        "format='wav' mix='true' | mix is 'true' | one of them is allowed",
      })
  void record_thatCannotBeSeparated_isRefused(String attributes, String what, String allowed) {
    for (Dialect dialect : Dialect.values()) {
      StanzaError error = refusal(() -> command(dialect, attributes, CHANNELS + FIVE));
      assertThat(error.condition()).isEqualTo(Condition.bad_request);
      assertThat(error.text())
          .startsWith("hint channels is 'participants', and " + what)
          .endsWith(allowed);
    }
  }
}
