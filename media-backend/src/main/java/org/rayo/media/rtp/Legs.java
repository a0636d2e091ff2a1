package org.rayo.media.rtp;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;
import org.rayo.media.audio.Playback;

/**
 * Both legs of a call on one timeline: what the caller says, from the jitter buffer, and what the
 * caller hears, held back for as long as the other leg is. A frame has as many samples of the one
 * as of the other, so the two never part by more than the drift within a frame.
 *
 * <p>No sockets and no clock of its own: times are given. Belongs to the media thread.
 */
final class Legs {
  private static final int FRAME = PlayoutClock.FRAME;

  private final ReceiveStream receiving;
  private final SendStream sending = new SendStream(ThreadLocalRandom.current());
  private final Playback playback = new Playback(FRAME);
  private final DelayLine heardLine;
  private final short[] said = new short[PlayoutClock.MAX_FRAME];
  private final short[] heard = new short[PlayoutClock.MAX_FRAME];
  private final short[] outgoing = new short[FRAME];
  private final FrameTap tap;

  /**
   * @param tap gets every frame, and the keys within
   */
  Legs(PlayoutClock clock, Tally tally, ReceiveStream.KeyReleases releases, FrameTap tap) {
    receiving = new ReceiveStream(clock, tally, releases);
    heardLine = new DelayLine(receiving.delay());
    this.tap = tap;
  }

  ReceiveStream receiving() {
    return receiving;
  }

  /** Plays to the caller, after what is playing already; see {@link Playback}. */
  void play(short[] samples, Runnable done) {
    playback.play(samples, done);
  }

  /** Plays a source beside everything else; see {@link Playback}. */
  void play(FrameSource source, Runnable done) {
    playback.play(source, done);
  }

  void stop(FrameSource source) {
    playback.stop(source);
  }

  /** Begins a tick: takes what the caller hears next. */
  void next() {
    playback.next(outgoing, FRAME, heardLine.in());
    heardLine.push(outgoing, FRAME);
  }

  /** Writes the packet of what {@link #next} took. */
  void packet(ByteBuffer to, G711 codec, int payloadType) {
    sending.packet(to, outgoing, FRAME, codec, payloadType);
  }

  /** In place of a packet: what {@link #next} took is not sent. */
  void skip() {
    sending.skip(FRAME);
  }

  /**
   * Ends the tick that was due at {@code dueNanos}: a frame of both legs to the tap.
   *
   * @return when the end of what the caller says in it was received
   */
  long deliver(long dueNanos) {
    frame(receiving.tick(said, dueNanos));
    playback.completed(heardLine.out());
    return dueNanos - receiving.delay() * PlayoutClock.NANOS_PER_SAMPLE;
  }

  /** At the end: delivers what was received already. */
  void drain() {
    for (int length = receiving.drain(said); length > 0; length = receiving.drain(said)) {
      frame(length);
    }
  }

  /** Plays nothing any more; every {@code done} runs. */
  void abandon() {
    playback.abandon();
  }

  private void frame(int length) {
    heardLine.pull(heard, length, receiving.delay());
    receiving.tellKeys(tap);
    tap.frame(said, heard, length);
  }
}
