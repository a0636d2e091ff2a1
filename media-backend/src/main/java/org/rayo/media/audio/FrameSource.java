package org.rayo.media.audio;

/** Sound that is made while it is heard, frame by frame. */
@FunctionalInterface
public interface FrameSource {

  /**
   * Gives the next samples, on the media thread: never blocks, never allocates. What has nothing to
   * say now but is not over gives silence.
   *
   * @param frame to be filled from its start; whatever is in it is overwritten
   * @param length samples wanted, normally 20 ms
   * @return samples given; fewer than wanted when the source is over, which is asked for nothing
   *     from then on
   */
  int next(short[] frame, int length);
}
