package org.rayo.testkit.phone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.rayo.testkit.audio.AudioSource;

/**
 * How a call is placed. Made by {@link #to}.
 *
 * @param to the SIP URI that is called
 * @param user the caller's user part in From
 * @param display the caller's display name
 * @param transport what carries the SIP messages
 * @param codecs the codecs offered, the preferred first; not empty
 * @param telephoneEvent whether telephone-event (RFC 4733) is offered too, as payload type 101
 * @param headers further headers of the INVITE, in order
 * @param audio what is said from the answer or early media on; silence is sent before, between and
 *     after
 * @param impairment what happens to the RTP we send
 * @param lateOffer the INVITE offers no session: the answer does, and the ACK answers that
 * @param earlyMedia audio is sent from the first provisional response that describes a session
 * @param hangUpAfter the caller hangs up so long after the answer
 */
public record CallOptions(
    String to,
    String user,
    Optional<String> display,
    Transport transport,
    List<Codec> codecs,
    boolean telephoneEvent,
    List<Header> headers,
    Optional<AudioSource> audio,
    Impairment impairment,
    boolean lateOffer,
    boolean earlyMedia,
    Optional<Duration> hangUpAfter) {

  public CallOptions {
    codecs = List.copyOf(codecs);
    headers = List.copyOf(headers);
    if (codecs.isEmpty()) {
      throw new IllegalArgumentException("a call offers at least one codec");
    }
  }

  /** Begins the options of a call to a SIP URI, as {@code sip:14085550100@127.0.0.1:5060}. */
  public static Builder to(String sipUri) {
    return new Builder(sipUri);
  }

  /** Collects the options; whatever is not said keeps its default. */
  public static final class Builder {

    private final String to;
    private String user = "caller";
    private Optional<String> display = Optional.empty();
    private Transport transport = Transport.UDP;
    private List<Codec> codecs = List.of(Codec.PCMU, Codec.PCMA);
    private boolean telephoneEvent;
    private final List<Header> headers = new ArrayList<>();
    private Optional<AudioSource> audio = Optional.empty();
    private Impairment impairment = Impairment.none();
    private boolean lateOffer;
    private boolean earlyMedia;
    private Optional<Duration> hangUpAfter = Optional.empty();

    private Builder(String to) {
      this.to = to;
    }

    public Builder from(String value) {
      user = value;
      return this;
    }

    public Builder display(String value) {
      display = Optional.of(value);
      return this;
    }

    public Builder transport(Transport value) {
      transport = value;
      return this;
    }

    public Builder codecs(Codec... values) {
      codecs = List.of(values);
      return this;
    }

    public Builder telephoneEvent(boolean value) {
      telephoneEvent = value;
      return this;
    }

    /** Adds a header; may be called again with the same name. */
    public Builder header(String name, String value) {
      headers.add(new Header(name, value));
      return this;
    }

    public Builder audio(AudioSource value) {
      audio = Optional.of(value);
      return this;
    }

    public Builder impairment(Impairment value) {
      impairment = value;
      return this;
    }

    public Builder lateOffer(boolean value) {
      lateOffer = value;
      return this;
    }

    public Builder earlyMedia(boolean value) {
      earlyMedia = value;
      return this;
    }

    public Builder hangUpAfter(Duration value) {
      hangUpAfter = Optional.of(value);
      return this;
    }

    public CallOptions build() {
      return new CallOptions(
          to,
          user,
          display,
          transport,
          codecs,
          telephoneEvent,
          headers,
          audio,
          impairment,
          lateOffer,
          earlyMedia,
          hangUpAfter);
    }
  }
}
