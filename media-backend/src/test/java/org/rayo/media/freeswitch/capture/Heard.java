package org.rayo.media.freeswitch.capture;

import java.util.Arrays;
import org.rayo.media.audio.FrameTap;

/** A tap that keeps everything. Written on the media thread, read when that has finished. */
final class Heard implements FrameTap {

  private short[] said = new short[1 << 16];
  private short[] heard = new short[1 << 16];
  private int length;
  private int frames;
  private int longest;
  private final StringBuilder keys = new StringBuilder();

  @Override
  public synchronized void frame(short[] send, short[] recv, int count) {
    while (length + count > said.length) {
      said = Arrays.copyOf(said, said.length * 2);
      heard = Arrays.copyOf(heard, heard.length * 2);
    }
    System.arraycopy(send, 0, said, length, count);
    System.arraycopy(recv, 0, heard, length, count);
    length += count;
    frames++;
    longest = Math.max(longest, count);
  }

  @Override
  public synchronized void key(char digit, int offset) {
    keys.append(digit).append('@').append(length);
  }

  synchronized short[] said() {
    return Arrays.copyOf(said, length);
  }

  synchronized short[] heard() {
    return Arrays.copyOf(heard, length);
  }

  synchronized int length() {
    return length;
  }

  synchronized int frames() {
    return frames;
  }

  synchronized int longest() {
    return longest;
  }

  synchronized String keys() {
    return keys.toString();
  }
}
