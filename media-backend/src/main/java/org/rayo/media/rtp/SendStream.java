package org.rayo.media.rtp;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.rayo.media.audio.G711;

/**
 * What goes to the other side, in packets of 20 ms.
 *
 * <p>The timestamp follows the ticks even while nothing may be sent, so that after a hold the other
 * side knows how long it was.
 */
final class SendStream {

  private final int ssrc;
  private int sequence;
  private int timestamp;
  private boolean marker = true;

  SendStream(RandomGenerator random) {
    ssrc = random.nextInt();
    sequence = random.nextInt() & 0xffff;
    timestamp = random.nextInt();
  }

  /** Writes the packet of a frame. */
  void packet(ByteBuffer to, short[] frame, int length, G711 codec, int payloadType) {
    RtpPacket.writeHeader(to, marker, payloadType, sequence, timestamp, ssrc);
    for (int i = 0; i < length; i++) {
      to.put(codec.encode(frame[i]));
    }
    marker = false;
    sequence = (sequence + 1) & 0xffff;
    timestamp += length;
  }

  /** A frame that may not be sent: its time passes, and the next packet begins a talkspurt. */
  void skip(int length) {
    marker = true;
    timestamp += length;
  }
}
