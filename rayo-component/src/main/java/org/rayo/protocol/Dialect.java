package org.rayo.protocol;

import java.util.Optional;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.media.RecordingRequest.Participants;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.xmpp.packet.JID;

/**
 * The two Rayos that share one set of namespaces: the wiki page of 2011 and XEP-0327. They differ
 * in defaults, in the reasons of {@code <complete/>} and in {@code <ref/>}.
 */
public enum Dialect {
  /** By default mp3, a start beep, both directions mixed. */
  WIKI("wiki", AudioFormat.MP3, true, true),
  /** By default wav, no beep, the two directions on a channel each. */
  XEP_0327("xep-0327", AudioFormat.WAV, false, false);

  private final String token;
  private final AudioFormat format;
  private final boolean startBeep;
  private final boolean mix;

  Dialect(String token, AudioFormat format, boolean startBeep, boolean mix) {
    this.token = token;
    this.format = format;
    this.startBeep = startBeep;
    this.mix = mix;
  }

  /** Its name in the configuration. */
  public String token() {
    return token;
  }

  /** The dialect of this name, exactly as {@link #token} writes it. */
  public static Optional<Dialect> ofToken(String token) {
    for (Dialect dialect : values()) {
      if (dialect.token.equals(token)) {
        return Optional.of(dialect);
      }
    }
    return Optional.empty();
  }

  /**
   * What to record of a call, with this dialect's default for all that the client left out.
   *
   * @throws CommandRefusedException with {@code bad-request} when a channel for each participant is
   *     asked for, which only a mixer has
   */
  public RecordingRequest request(RecordCommand command) throws CommandRefusedException {
    if (command.hints().participants()) {
      throw ElementRules.badRequest(
          "hint channels is 'participants', which recordings of a mixer have; of a call nothing"
              + " is allowed there: direction='duplex' mix='false' gives each side a channel");
    }
    return request(command, command.direction().orElse(Direction.DUPLEX), format);
  }

  /**
   * What to record of a mixer, with this dialect's default for all that the client left out: what
   * everybody says together, which is what {@code recv} means there and {@code duplex} too, and who
   * was there and spoke. Asked for a channel for each participant the format that was left out is
   * wav.
   *
   * @param participantChannels how many there are when the hints do not say
   * @throws CommandRefusedException with {@code feature-not-implemented} when the direction is
   *     {@code send}, for a mixer sends nothing
   * @see <a
   *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-record">XEP-0327,
   *     record component</a>
   */
  public RecordingRequest mixerRequest(RecordCommand command, int participantChannels)
      throws CommandRefusedException {
    if (command.direction().filter(asked -> asked == Direction.SEND).isPresent()) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented(
              "direction is 'send', which a mixer does not have; duplex and recv are allowed"));
    }
    RecordingHints hints = command.hints();
    if (!hints.participants()) {
      return request(command, Direction.RECV, format).with(Participants.TIMELINE);
    }
    int channels = hints.participantChannels().orElse(participantChannels);
    return request(command, Direction.RECV, AudioFormat.WAV)
        .with(Participants.inChannels(channels));
  }

  private RecordingRequest request(
      RecordCommand command, Direction direction, AudioFormat otherwise) {
    return new RecordingRequest(
        command.format().orElse(otherwise),
        direction,
        command.mix().orElse(mix),
        command.startBeep().orElse(startBeep),
        command.stopBeep().orElse(false),
        command.startPaused().orElse(false),
        Durations.ofMillis(command.maxDurationMillis()),
        Durations.ofMillis(command.initialTimeoutMillis()),
        Durations.ofMillis(command.finalTimeoutMillis()),
        command.hints().encoding(),
        command.hints().handling());
  }

  /**
   * Why a record component completed, in this dialect's words.
   *
   * @param failure only read for {@link CapturedRecording.Cause#ERROR}
   */
  public CompleteReason reason(CapturedRecording.Cause cause, Optional<String> failure) {
    return switch (cause) {
      case STOP -> CompleteReason.of(CompleteReason.Name.STOP);
      case HANGUP -> CompleteReason.of(CompleteReason.Name.HANGUP);
      case ERROR -> CompleteReason.error(failure.orElse("the recording failed"));
      case MAX_DURATION -> own(CompleteReason.Name.MAX_DURATION);
      case FINAL_TIMEOUT -> own(CompleteReason.Name.FINAL_TIMEOUT);
      case STOP_KEY -> own(CompleteReason.Name.STOP);
      case INITIAL_TIMEOUT ->
          this == WIKI
              ? CompleteReason.error("timed out")
              : CompleteReason.of(CompleteReason.Name.INITIAL_TIMEOUT);
    };
  }

  /** The wiki has one word for every recording that ended by itself. */
  private CompleteReason own(CompleteReason.Name inTheXep) {
    return CompleteReason.of(this == WIKI ? CompleteReason.Name.SUCCESS : inTheXep);
  }

  /**
   * {@code <ref/>} to a component or a call: its {@code uri}, and for the wiki's clients also the
   * {@code id} that they read.
   *
   * @param made of a component a full JID, whose resource is the id; of a call a bare one, whose
   *     node is
   */
  public Element ref(JID made) {
    Element ref = DocumentHelper.createElement(QName.get("ref", Namespaces.RAYO));
    ref.addAttribute("uri", XmppUri.of(made));
    if (this == WIKI) {
      ref.addAttribute("id", made.getResource() == null ? made.getNode() : made.getResource());
    }
    return ref;
  }
}
