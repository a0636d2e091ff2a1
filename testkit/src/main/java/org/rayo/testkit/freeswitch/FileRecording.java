package org.rayo.testkit.freeswitch;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WAV file of 8000 Hz that {@code uuid_record} writes: what the phone says, paced by that, and
 * what it hears, mixed or side by side. The header says its size only when the file is closed.
 */
final class FileRecording {

  private static final Logger LOG = LoggerFactory.getLogger(FileRecording.class);
  private static final int HEADER_BYTES = 44;
  private static final int RATE = 8000;

  /** What is heard may wait so many frames for what is said. */
  private static final int MOST_WAITING = 25;

  /** So much is kept before it goes to the disk, unless buffering was turned off. */
  private static final int BUFFER_BYTES = 65_536;

  /**
   * What the channel's variables ask for.
   *
   * @param stereo said left, heard right
   * @param readOnly nothing of what is heard
   * @param buffered kept until there is enough for the disk
   */
  record Manner(boolean stereo, boolean readOnly, boolean buffered) {}

  final Path file;
  private final Manner manner;
  private final RandomAccessFile out;
  private final ByteBuffer waitingForDisk =
      ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  private final Queue<short[]> heard = new ArrayDeque<>();
  private long samples;
  private boolean paused;
  private boolean masked;
  private boolean closed;

  FileRecording(Path file, Manner manner) throws IOException {
    this.file = file;
    this.manner = manner;
    out = new RandomAccessFile(file.toFile(), "rw");
    out.setLength(0);
    out.write(header(0));
  }

  /** The phone hears this. */
  synchronized void heard(short[] frame) {
    heard.add(frame);
    if (heard.size() > MOST_WAITING) {
      heard.remove();
    }
  }

  /** The phone says this: a frame is written. */
  synchronized void said(short[] frame) {
    short[] other = heard.isEmpty() ? new short[frame.length] : heard.remove();
    if (paused || closed) {
      return;
    }
    for (int i = 0; i < frame.length; i++) {
      short left = masked ? 0 : frame[i];
      short right = masked ? 0 : other[i];
      if (manner.stereo) {
        waitingForDisk.putShort(left).putShort(right);
      } else {
        waitingForDisk.putShort(manner.readOnly ? left : ChannelAudio.clipped(left + right));
      }
    }
    samples += frame.length;
    if (!manner.buffered || waitingForDisk.remaining() < 4 * frame.length) {
      flush();
    }
  }

  private void flush() {
    try {
      out.write(waitingForDisk.array(), 0, waitingForDisk.position());
      waitingForDisk.clear();
    } catch (IOException e) {
      LOG.warn("{} is not written", file, e);
    }
  }

  synchronized void pause(boolean on) {
    paused = on;
  }

  synchronized void mask(boolean on) {
    masked = on;
  }

  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    flush();
    try (out) {
      out.seek(0);
      out.write(header(samples * (manner.stereo ? 4 : 2)));
    } catch (IOException e) {
      LOG.warn("{} is not finished", file, e);
    }
  }

  /** Of one channel. */
  synchronized long samples() {
    return samples;
  }

  long sizeBytes() {
    return HEADER_BYTES + samples() * (manner.stereo ? 4 : 2);
  }

  private byte[] header(long bytes) {
    int channels = manner.stereo ? 2 : 1;
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.put(new byte[] {'R', 'I', 'F', 'F'}).putInt((int) (bytes + HEADER_BYTES - 8));
    header.put(new byte[] {'W', 'A', 'V', 'E', 'f', 'm', 't', ' '}).putInt(16);
    header.putShort((short) 1).putShort((short) channels).putInt(RATE);
    header.putInt(RATE * channels * 2).putShort((short) (channels * 2)).putShort((short) 16);
    header.put(new byte[] {'d', 'a', 't', 'a'}).putInt((int) bytes);
    return header.array();
  }
}
