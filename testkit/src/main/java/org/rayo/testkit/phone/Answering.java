package org.rayo.testkit.phone;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.rayo.testkit.audio.AudioSource;

/**
 * What a phone does with calls that come in: it rings (180), and later gives its final answer.
 *
 * @param status the final status: 200, or 300 and more
 * @param ringFor how long it rings; empty to ring until the test answers or refuses
 * @param contact where a redirection points
 * @param codecs the codecs it accepts, the preferred first
 * @param audio what it says from the answer on
 * @param impairment what happens to the RTP it sends
 * @param hangUpAfter it hangs up so long after its answer
 * @param rings whether it says at once that it rings; it only says 100 if not
 */
public record Answering(
    int status,
    Optional<Duration> ringFor,
    Optional<String> contact,
    List<Codec> codecs,
    Optional<AudioSource> audio,
    Impairment impairment,
    Optional<Duration> hangUpAfter,
    boolean rings) {

  public Answering {
    codecs = List.copyOf(codecs);
  }

  private static Answering with(int status, Optional<Duration> ringFor, Optional<String> contact) {
    return new Answering(
        status,
        ringFor,
        contact,
        List.of(Codec.PCMU, Codec.PCMA),
        Optional.empty(),
        Impairment.none(),
        Optional.empty(),
        true);
  }

  /** Answers every call at once, and says nothing. */
  public static Answering atOnce() {
    return with(200, Optional.of(Duration.ZERO), Optional.empty());
  }

  /** Rings until {@link IncomingCall#answer} or {@link IncomingCall#refuse}. */
  public static Answering whenTold() {
    return with(200, Optional.empty(), Optional.empty());
  }

  /** Says nothing but 100 until it is told what to do: {@link IncomingCall#ring} and so on. */
  public static Answering silently() {
    Answering told = whenTold();
    return new Answering(
        told.status,
        told.ringFor,
        told.contact,
        told.codecs,
        told.audio,
        told.impairment,
        told.hangUpAfter,
        false);
  }

  /** Refuses every call. */
  public static Answering refusing(int status) {
    return with(status, Optional.of(Duration.ZERO), Optional.empty());
  }

  /** Redirects every call with 302. */
  public static Answering redirecting(String sipUri) {
    return with(302, Optional.of(Duration.ZERO), Optional.of(sipUri));
  }

  public Answering after(Duration ringing) {
    return new Answering(
        status, Optional.of(ringing), contact, codecs, audio, impairment, hangUpAfter, rings);
  }

  public Answering saying(AudioSource source) {
    return new Answering(
        status, ringFor, contact, codecs, Optional.of(source), impairment, hangUpAfter, rings);
  }

  public Answering accepting(Codec... accepted) {
    return new Answering(
        status, ringFor, contact, List.of(accepted), audio, impairment, hangUpAfter, rings);
  }

  public Answering hangingUpAfter(Duration time) {
    return new Answering(
        status, ringFor, contact, codecs, audio, impairment, Optional.of(time), rings);
  }
}
