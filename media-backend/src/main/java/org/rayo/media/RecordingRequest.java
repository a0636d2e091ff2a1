package org.rayo.media;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What to record and how: a {@code <record/>} with every default filled in.
 *
 * <p>All durations are positive and are counted in recorded media time: a pause stands still.
 *
 * @param startBeep a beep to the caller before capture starts; it is not in the file
 * @param stopBeep a beep to the caller after capture has ended, but not when the call has
 * @param startPaused captures nothing, and starts no timer, until resumed
 * @param maxDuration ends the recording with {@link CapturedRecording.Cause#MAX_DURATION} when the
 *     file holds exactly this much
 * @param initialTimeout ends it when nobody has spoken for this long from its start
 * @param finalTimeout ends it when nobody has spoken for this long after speech
 * @param participants how those of a mixer are told apart; with a channel for each {@code
 *     direction} is {@link Direction#RECV}, and {@code mix} has no effect
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-record">XEP-0327,
 *     record component</a>
 */
public record RecordingRequest(
    AudioFormat format,
    Direction direction,
    boolean mix,
    boolean startBeep,
    boolean stopBeep,
    boolean startPaused,
    Optional<Duration> maxDuration,
    Optional<Duration> initialTimeout,
    Optional<Duration> finalTimeout,
    Encoding encoding,
    Handling handling,
    Participants participants) {

  /** The fewest channels that a recording with one for each participant can have. */
  public static final int MIN_PARTICIPANT_CHANNELS = 2;

  /** The most. */
  public static final int MAX_PARTICIPANT_CHANNELS = 32;

  public RecordingRequest {
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(encoding, "encoding");
    Objects.requireNonNull(handling, "handling");
    Objects.requireNonNull(participants, "participants");
    if (participants.channels().isPresent() && direction != Direction.RECV) {
      throw new IllegalArgumentException(
          "direction is " + direction + "; a mixer's participants are recorded as RECV");
    }
    requirePositive("max-duration", maxDuration);
    requirePositive("initial-timeout", initialTimeout);
    requirePositive("final-timeout", finalTimeout);
  }

  private static void requirePositive(String name, Optional<Duration> value) {
    value.ifPresent(
        duration -> {
          if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + " is " + duration + ", not positive");
          }
        });
  }

  /** Of a call, or of a mixer whose participants are not told apart. */
  public RecordingRequest(
      AudioFormat format,
      Direction direction,
      boolean mix,
      boolean startBeep,
      boolean stopBeep,
      boolean startPaused,
      Optional<Duration> maxDuration,
      Optional<Duration> initialTimeout,
      Optional<Duration> finalTimeout,
      Encoding encoding,
      Handling handling) {
    this(
        format,
        direction,
        mix,
        startBeep,
        stopBeep,
        startPaused,
        maxDuration,
        initialTimeout,
        finalTimeout,
        encoding,
        handling,
        Participants.UNTOLD);
  }

  /** Without anything special about how it is handled. */
  public RecordingRequest(
      AudioFormat format,
      Direction direction,
      boolean mix,
      boolean startBeep,
      boolean stopBeep,
      boolean startPaused,
      Optional<Duration> maxDuration,
      Optional<Duration> initialTimeout,
      Optional<Duration> finalTimeout,
      Encoding encoding) {
    this(
        format,
        direction,
        mix,
        startBeep,
        stopBeep,
        startPaused,
        maxDuration,
        initialTimeout,
        finalTimeout,
        encoding,
        Handling.DEFAULT);
  }

  /**
   * Channels of the file: those of the participants, or two for both directions unmixed, or one.
   */
  public int channels() {
    int sides = direction == Direction.DUPLEX && !mix ? 2 : 1;
    return participants.channels().orElse(sides);
  }

  /** The channels that participants have, each its own; only a mixer can be recorded so. */
  public OptionalInt participantChannels() {
    return participants.channels();
  }

  /** The same of a mixer, whose participants are told apart in this way. */
  public RecordingRequest with(Participants told) {
    return new RecordingRequest(
        format,
        direction,
        mix,
        startBeep,
        stopBeep,
        startPaused,
        maxDuration,
        initialTimeout,
        finalTimeout,
        encoding,
        handling,
        told);
  }

  /** Whose audio is captured. */
  public enum Direction {
    /** What the caller says. */
    SEND,
    /** What the caller hears. */
    RECV,
    /** Both. */
    DUPLEX
  }

  /**
   * How the audio is encoded; what is empty is the format's own default, and what a format does not
   * know has no effect on it.
   *
   * @param quality LAME's scale, 0 (best) to 9 (fastest); for opus 10 less it is the complexity
   * @param bitrateKbps in kbit/s for the whole file: for mp3 the constant bit rate, for opus the
   *     mean one
   * @param coding of wav's samples
   * @param sampleRateHz of the file; empty is the call's own
   */
  public record Encoding(
      OptionalInt quality,
      OptionalInt bitrateKbps,
      Optional<SampleCoding> coding,
      OptionalInt sampleRateHz) {
    /** The format's own defaults. */
    public static final Encoding DEFAULT = new Encoding(OptionalInt.empty(), OptionalInt.empty());

    public Encoding {
      Objects.requireNonNull(coding, "coding");
      quality.ifPresent(
          q -> {
            if (q < 0 || q > 9) {
              throw new IllegalArgumentException("quality is " + q + "; 0 to 9 are allowed");
            }
          });
      bitrateKbps.ifPresent(
          rate -> {
            if (rate < 6 || rate > 320) {
              throw new IllegalArgumentException("bitrate is " + rate + "; 6 to 320 are allowed");
            }
          });
    }

    /** With the default coding of samples. */
    public Encoding(OptionalInt quality, OptionalInt bitrateKbps) {
      this(quality, bitrateKbps, Optional.empty());
    }

    /** With the call's own sample rate. */
    public Encoding(OptionalInt quality, OptionalInt bitrateKbps, Optional<SampleCoding> coding) {
      this(quality, bitrateKbps, coding, OptionalInt.empty());
    }
  }

  /** What a pause leaves in the file. */
  public enum PauseMode {
    /** Nothing: what comes after it follows what came before it. */
    SKIP,
    /** Silence of the same length: it counts for max-duration, but for neither time-out. */
    SILENCE
  }

  /**
   * What is done beside capturing.
   *
   * @param stopKeys keys of the caller's, of {@code 0-9 * # A-D}, each of which ends the recording
   *     with {@link CapturedRecording.Cause#STOP_KEY}, while paused too, but not before the start
   *     beep is over; the key itself is not in the file
   * @param trim the silence that a time-out waited for is not in the file: it ends with the last
   *     frame in which speech was heard in any direction that is recorded, and is empty when there
   *     was none
   * @param beepInterval captured time between beeps that the caller hears; what the caller hears is
   *     in the file when that direction is recorded, and is no speech. One that is due before the
   *     one before has been heard is left out. What comes back of a beep from the caller, up to
   *     half a second after it, is no speech either: its frequency is not listened to meanwhile,
   *     and the time-outs stand still while it is 6 dB louder than everything else the caller sends
   */
  public record Handling(
      PauseMode pauseMode, Set<Character> stopKeys, boolean trim, Optional<Duration> beepInterval) {

    /** A pause is skipped, no key stops it, nothing is trimmed, no beeps. */
    public static final Handling DEFAULT =
        new Handling(PauseMode.SKIP, Set.of(), false, Optional.empty());

    private static final String KEYS = "0123456789*#ABCD";

    public Handling {
      Objects.requireNonNull(pauseMode, "pauseMode");
      stopKeys = Set.copyOf(stopKeys);
      stopKeys.forEach(
          key -> {
            if (KEYS.indexOf(key) < 0) {
              throw new IllegalArgumentException("'" + key + "' is none of the keys " + KEYS);
            }
          });
      requirePositive("beep-interval", beepInterval);
    }
  }

  /**
   * How a mixer's participants are told apart. On a call none of it is of any use: nobody is a
   * participant there, so that all channels stay silent and the timeline empty.
   *
   * @param timeline whether it is told who was there from when to when, and when each spoke: {@link
   *     CapturedRecording#participants}
   * @param channels of the file, one for each participant, instead of one with the sum of all; then
   *     there is a timeline too. Whoever comes takes the lowest channel that has never been used,
   *     or else the lowest that nobody has now, and keeps it while there; all for whom there is
   *     none share the last one, summed and clipped. What is played to the mixer is nobody's voice,
   *     and in no channel
   */
  public record Participants(boolean timeline, OptionalInt channels) {

    /** They are not. */
    public static final Participants UNTOLD = new Participants(false, OptionalInt.empty());

    /** One channel with all, and a timeline. */
    public static final Participants TIMELINE = new Participants(true, OptionalInt.empty());

    public Participants {
      if (channels.isPresent()) {
        int count = channels.getAsInt();
        if (count < MIN_PARTICIPANT_CHANNELS || count > MAX_PARTICIPANT_CHANNELS) {
          throw new IllegalArgumentException(
              "participant channels are %d; %d to %d are allowed"
                  .formatted(count, MIN_PARTICIPANT_CHANNELS, MAX_PARTICIPANT_CHANNELS));
        }
        if (!timeline) {
          throw new IllegalArgumentException("participant channels need the timeline");
        }
      }
    }

    /** So many channels, and a timeline. */
    public static Participants inChannels(int count) {
      return new Participants(true, OptionalInt.of(count));
    }
  }
}
