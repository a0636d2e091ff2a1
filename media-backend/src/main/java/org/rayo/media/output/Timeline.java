package org.rayo.media.output;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All that an output plays, laid out in samples at the speed it was recorded: the rounds, each of
 * the segments one after the other, with silence between them. Immutable; reading allocates
 * nothing.
 */
final class Timeline {

  /** For ever, and pauses that are as good as that; small enough to be added to. */
  static final long FOREVER = 1L << 60;

  private static final long LONGEST_SILENCE = 1L << 50;

  /** One segment, ready to be heard. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Piece(short[] samples, long length) {

    static Piece sound(short[] samples) {
      return new Piece(samples, samples.length);
    }

    static Piece silence(Duration length, int sampleRateHz) {
      return new Piece(new short[0], Timeline.samples(length, sampleRateHz));
    }
  }

  private final Piece[] pieces;
  private final long[] starts;
  private final long round;
  private final long period;
  private final long length;

  /** Rounds of the pieces; {@code times} 0 is for ever. */
  Timeline(List<Piece> pieces, long interval, int times) {
    List<Piece> heard = new ArrayList<>(pieces);
    heard.removeIf(piece -> piece.length() == 0);
    this.pieces = heard.toArray(Piece[]::new);
    this.starts = new long[this.pieces.length];
    long at = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = at;
      at = Math.min(at + this.pieces[i].length(), FOREVER / 4);
    }
    round = at;
    period = round + interval;
    if (period == 0) {
      length = 0;
    } else if (times == 0 || times > FOREVER / period) {
      length = FOREVER;
    } else {
      length = times * period - interval;
    }
  }

  /** A time in samples; one longer than anybody listens is as good as that. */
  static long samples(Duration time, int sampleRateHz) {
    if (time.getSeconds() > LONGEST_SILENCE / sampleRateHz) {
      return LONGEST_SILENCE;
    }
    return time.getSeconds() * sampleRateHz + time.getNano() * (long) sampleRateHz / 1_000_000_000L;
  }

  /** Samples of everything. */
  long length() {
    return length;
  }

  /** The place so many samples on, or back, within the round that {@code from} is in. */
  long moved(long from, long by) {
    if (period == 0) {
      return 0;
    }
    long begin = Math.min(from, length - 1) / period * period;
    long within = Math.min(Math.min(from, length) - begin, round);
    return begin + Math.max(0, Math.min(round, within + by));
  }

  /** Fills {@code to}; outside of everything there is silence. */
  void read(long from, short[] to, int offset, int count) {
    long at = from;
    int done = 0;
    while (done < count) {
      int left = count - done;
      int got;
      if (at < 0) {
        got = silence(to, offset + done, Math.min(left, -at));
      } else if (at >= length) {
        got = silence(to, offset + done, left);
      } else if (at % period >= round) {
        got = silence(to, offset + done, Math.min(left, period - at % period));
      } else {
        got = readPiece(at % period, to, offset + done, left);
      }
      at += got;
      done += got;
    }
  }

  private int readPiece(long within, short[] to, int offset, int most) {
    int found = Arrays.binarySearch(starts, within);
    int index = found >= 0 ? found : -found - 2;
    Piece piece = pieces[index];
    long at = within - starts[index];
    int count = (int) Math.min(most, piece.length() - at);
    if (piece.samples().length == 0) {
      return silence(to, offset, count);
    }
    System.arraycopy(piece.samples(), (int) at, to, offset, count);
    return count;
  }

  private static int silence(short[] to, int offset, long count) {
    Arrays.fill(to, offset, offset + (int) count, (short) 0);
    return (int) count;
  }
}
