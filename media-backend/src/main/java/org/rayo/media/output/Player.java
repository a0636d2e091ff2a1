package org.rayo.media.output;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.OutputRequest;
import org.rayo.media.audio.FrameSource;

/**
 * Plays a timeline: the place in it, its speed and its volume. Everything on the media thread.
 *
 * <p>Sound that is neither louder nor softer nor faster is passed on as it is, sample by sample.
 * Changes of volume, pauses and leaps fade, so that nothing clicks.
 */
final class Player implements FrameSource {

  private static final Duration FADE = Duration.ofMillis(5);
  private static final int NORMAL_SPEED = 10;
  private static final int SLOWEST = 5;
  private static final int FASTEST = 20;
  private static final int VOLUME_STEP_DB = 3;
  private static final int SOFTEST_DB = -24;
  private static final int LOUDEST_DB = 12;

  private final Timeline timeline;
  private final int sampleRateHz;
  private final Stretch stretch;
  private final long mostSamples;
  private final int fade;

  /** What would have come, had the place not been changed; the last {@link #leaping} of it. */
  private final short[] left;

  private long position;
  private long played;
  private int leaping;
  private boolean paused;
  private int speedTenths = NORMAL_SPEED;
  private int volumeDb;
  private float gain;
  private float wantedGain = 1;
  private int fading;
  private Optional<OutputEnd> end = Optional.empty();

  Player(Timeline timeline, OutputRequest request, int sampleRateHz) {
    this.timeline = timeline;
    this.sampleRateHz = sampleRateHz;
    this.stretch = new Stretch(timeline, sampleRateHz);
    this.fade = (int) Timeline.samples(FADE, sampleRateHz);
    this.left = new short[fade];
    this.mostSamples =
        request.maxTime().map(time -> Timeline.samples(time, sampleRateHz)).orElse(Long.MAX_VALUE);
    this.position = timeline.moved(0, Timeline.samples(request.startOffset(), sampleRateHz));
    this.paused = request.startPaused();
    this.gain = paused ? 0 : 1;
    this.wantedGain = gain;
  }

  /** Why it is over, which it is with an error when it has thrown; empty while it is not. */
  Optional<OutputEnd> end() {
    return end;
  }

  @Override
  public int next(short[] frame, int length) {
    if (end.isPresent()) {
      return 0;
    }
    boolean failing = true;
    try {
      int given = play(frame, length);
      failing = false;
      return given;
    } finally {
      if (failing) {
        end = Optional.of(OutputEnd.ERROR);
      }
    }
  }

  private int play(short[] frame, int length) {
    int wanted = (int) Math.min(length, mostSamples - played);
    int done = 0;
    while (done < wanted && !isHeld()) {
      int asked = paused ? Math.min(fading, wanted - done) : wanted - done;
      int got = read(frame, done, asked);
      level(frame, done, got);
      done += got;
      played += got;
      if (got < asked) {
        end = Optional.of(OutputEnd.FINISH);
        return done;
      }
    }
    if (played >= mostSamples) {
      fadeOut(frame, done);
      end = Optional.of(OutputEnd.MAX_TIME);
      return done;
    }
    Arrays.fill(frame, done, length, (short) 0);
    return length;
  }

  void pause() {
    paused = true;
    fadeTo(0);
  }

  void resume() {
    paused = false;
    if (played == 0) { // nothing was cut off, so there is nothing to soften
      gain = volume();
    }
    fadeTo(volume());
  }

  void speed(int steps) {
    speedTenths = Math.max(SLOWEST, Math.min(FASTEST, speedTenths + steps));
  }

  void volume(int steps) {
    volumeDb = Math.max(SOFTEST_DB, Math.min(LOUDEST_DB, volumeDb + steps * VOLUME_STEP_DB));
    if (!paused) {
      fadeTo(volume());
    }
  }

  /** So many samples on, or back, within the round. */
  void seek(long by) {
    long to = timeline.moved(position, by);
    if (played > 0 && !isHeld()) {
      int made = Math.min(fade, stretch.ready());
      stretch.take(left, 0, made);
      timeline.read(position, left, made, fade - made);
      leaping = fade;
    }
    stretch.reset();
    position = to;
  }

  /** From any thread. */
  long samples(Duration time) {
    long samples = Timeline.samples(time.abs(), sampleRateHz);
    return time.isNegative() ? -samples : samples;
  }

  /** Where in the timeline the next sample is from. */
  long position() {
    return position;
  }

  private boolean isHeld() {
    return paused && fading == 0;
  }

  private float volume() {
    return volumeDb == 0 ? 1 : (float) Math.pow(10, volumeDb / 20.0);
  }

  private void fadeTo(float level) {
    wantedGain = level;
    fading = gain == level ? 0 : fade;
  }

  private int read(short[] to, int offset, int count) {
    int done = 0;
    while (done < count) {
      int asked = count - done;
      if (stretch.ready() > 0) {
        int taken = Math.min(asked, stretch.ready());
        stretch.take(to, offset + done, taken);
        done += taken;
      } else if (position >= timeline.length()) {
        break;
      } else if (speedTenths == NORMAL_SPEED) {
        stretch.rest();
        int there = (int) Math.min(asked, timeline.length() - position);
        timeline.read(position, to, offset + done, there);
        position += there;
        done += there;
      } else {
        position = stretch.make(position, (double) speedTenths / NORMAL_SPEED);
      }
    }
    for (int i = 0; i < done && leaping > 0; i++, leaping--) {
      int at = offset + i;
      to[at] = (short) ((to[at] * (fade - leaping) + left[fade - leaping] * leaping) / fade);
    }
    return done;
  }

  private void level(short[] samples, int offset, int count) {
    if (fading == 0 && gain == 1) {
      return;
    }
    for (int i = offset; i < offset + count; i++) {
      if (fading > 0) {
        gain += (wantedGain - gain) / fading;
        fading--;
        if (fading == 0) {
          gain = wantedGain;
        }
      }
      float loud = samples[i] * gain;
      samples[i] = (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(loud)));
    }
  }

  private void fadeOut(short[] samples, int end) {
    int count = Math.min(fade, end);
    for (int i = 0; i < count; i++) {
      int at = end - 1 - i;
      samples[at] = (short) (samples[at] * i / fade);
    }
  }
}
