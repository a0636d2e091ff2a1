package org.rayo.media.recorder;

import java.util.Arrays;
import java.util.Optional;
import org.rayo.media.RecordingRequest;
import org.rayo.media.audio.Mixing;

/**
 * What one recording's file will play, in the order of time: direction and mix, or participants, as
 * the request wants them. On the call's media thread; allocates nothing.
 */
final class Track {

  private static final int CHUNK = 480;

  private final RecordingRequest request;
  private final Optional<VoiceChannels> voices;
  private final Capture capture;
  private final short[] scratch;
  private long length;

  /**
   * @param voices in place of what the call sends and receives
   */
  Track(RecordingRequest request, Optional<VoiceChannels> voices, Capture capture) {
    this.request = request;
    this.voices = voices;
    this.capture = capture;
    scratch = new short[CHUNK * request.channels()];
  }

  /** Samples per channel so far. */
  long length() {
    return length;
  }

  /** Adds a stretch of the call; false when there was no room. */
  boolean add(short[] send, short[] recv, int count) {
    if (voices.isPresent()) {
      return write(voices.get().frame(count), count);
    }
    for (int at = 0; at < count; at += CHUNK) {
      int part = Math.min(CHUNK, count - at);
      arrange(send, recv, at, part);
      if (!write(scratch, part)) {
        return false;
      }
    }
    return true;
  }

  /** Adds silence; false when there was no room. */
  boolean addSilence(int count) {
    Arrays.fill(scratch, (short) 0);
    for (int at = 0; at < count; at += CHUNK) {
      if (!write(scratch, Math.min(CHUNK, count - at))) {
        return false;
      }
    }
    return true;
  }

  private boolean write(short[] samples, int count) {
    length += count;
    return capture.write(samples, count * request.channels());
  }

  private void arrange(short[] send, short[] recv, int at, int count) {
    switch (request.direction()) {
      case SEND -> System.arraycopy(send, at, scratch, 0, count);
      case RECV -> System.arraycopy(recv, at, scratch, 0, count);
      case DUPLEX -> {
        if (request.mix()) {
          Mixing.add(send, recv, at, count, scratch);
        } else {
          Mixing.interleave(send, recv, at, count, scratch);
        }
      }
    }
  }
}
