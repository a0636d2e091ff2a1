package org.rayo.media.audio;

/**
 * The audio of one call, for whoever listens to it or plays into it.
 *
 * <p>Everything but {@link #execute} and {@link #sampleRateHz} is called on the call's media
 * thread.
 */
public interface CallAudio {

  /** Samples a second of every frame of this call. */
  int sampleRateHz();

  /**
   * Runs a task on the call's media thread, in order of arrival, between two frames. Never blocks.
   * After the call's end tasks still run, on the same thread.
   */
  void execute(Runnable task);

  /** From the next frame on, this tap gets every frame. */
  void attach(FrameTap tap);

  /** No frame reaches the tap any more. */
  void detach(FrameTap tap);

  /**
   * Plays to the caller, from the next frame on, after what is playing already.
   *
   * @param samples at {@link #sampleRateHz}; not changed by anybody from now on
   * @param done runs on the media thread after the last sample has been played, or at once when the
   *     call is over or cannot play
   */
  void play(short[] samples, Runnable done);

  /**
   * Plays the beep of a recording to the caller: {@link Tones#beep}, or what the other side has
   * instead of it.
   *
   * @param done as that of {@link #play(short[], Runnable)}
   */
  default void beep(Runnable done) {
    play(Tones.beep(sampleRateHz()), done);
  }

  /**
   * Plays a source to the caller, from the next frame on, beside whatever else is heard, until it
   * is over or stopped.
   *
   * @param done runs once on the media thread: after the last sample has been played, when the
   *     source has been stopped, or at once when the call is over or cannot play
   */
  default void play(FrameSource source, Runnable done) {
    execute(done);
  }

  /** The source is asked for nothing any more. Harmless when it is over. */
  default void stop(FrameSource source) {}
}
