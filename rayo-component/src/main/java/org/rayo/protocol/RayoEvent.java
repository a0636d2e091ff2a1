package org.rayo.protocol;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.JID;

/**
 * What the server tells a client: a directed presence from the call or component.
 *
 * <p>Dispatch with {@link #handle}.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#protocol-events">XEP-0327, events</a>
 */
public sealed interface RayoEvent {

  <R> R handle(Handler<R> handler);

  /** Whether nothing follows from the entity that it is of. */
  default boolean isLast() {
    return false;
  }

  /**
   * One method for each event.
   *
   * @param <R> what handling gives
   */
  interface Handler<R> {
    R offer(Offer offer);

    R ringing(Ringing ringing);

    R answered(Answered answered);

    R end(End end);

    R complete(Complete complete);

    R inputTimersStarted(InputTimersStarted started);

    R joined(Joined joined);

    R unjoined(Unjoined unjoined);

    R speaking(SpeakingChanged speaking);

    R signalDetected(SignalDetected detected);
  }

  /** {@code <offer/>}, sent with the call's entity capabilities. */
  record Offer(URI to, URI from, List<Header> headers) implements RayoEvent {
    public Offer {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.offer(this);
    }
  }

  /** {@code <ringing/>}: the other side of an outbound call rings. */
  record Ringing(List<Header> headers) implements RayoEvent {
    public Ringing {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.ringing(this);
    }
  }

  /** {@code <answered/>}: the other side of an outbound call has answered. */
  record Answered(List<Header> headers) implements RayoEvent {
    public Answered {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.answered(this);
    }
  }

  /** {@code <end/>}, the call's last event; presence of type unavailable. */
  record End(EndReason reason, Optional<String> platformCode, List<Header> headers)
      implements RayoEvent {
    public End {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.end(this);
    }

    @Override
    public boolean isLast() {
      return true;
    }
  }

  /** {@code <complete/>}, a component's last event; presence of type unavailable. */
  record Complete(CompleteReason reason, Optional<Recording> recording) implements RayoEvent {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.complete(this);
    }

    @Override
    public boolean isLast() {
      return true;
    }
  }

  /** {@code <input-timers-started/>}: a prompt's time-outs run from now on. */
  record InputTimersStarted() implements RayoEvent {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.inputTimersStarted(this);
    }
  }

  /** {@code <joined/>}: the call, or the mixer, that tells it is joined to this one. */
  record Joined(JoinTarget other) implements RayoEvent {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.joined(this);
    }
  }

  /** {@code <unjoined/>}: it is not any more. */
  record Unjoined(JoinTarget other) implements RayoEvent {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.unjoined(this);
    }
  }

  /**
   * {@code <started-speaking/>} or {@code <stopped-speaking/>}, of a mixer.
   *
   * @param call whose voice it is: a bare JID
   */
  record SpeakingChanged(JID call, boolean started) implements RayoEvent {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.speaking(this);
    }
  }

  /** {@code <signal/>}: call progress analysis has heard something, and goes on. */
  record SignalDetected(CpaSignal signal) implements RayoEvent {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.signalDetected(this);
    }
  }

  /**
   * {@code <recording/>} beside the reason of a record component.
   *
   * @param durationMillis from samples
   * @param sizeBytes of the file at {@code uri}
   */
  record Recording(URI uri, long durationMillis, long sizeBytes) {}
}
