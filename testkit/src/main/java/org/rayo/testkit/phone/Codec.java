package org.rayo.testkit.phone;

import org.rayo.testkit.audio.G711;

/** An audio codec of the phone, with its static payload type. */
public enum Codec {
  PCMU(0, (byte) 0xFF),
  PCMA(8, (byte) 0xD5);

  private final int payloadType;
  private final byte silence;

  Codec(int payloadType, byte silence) {
    this.payloadType = payloadType;
    this.silence = silence;
  }

  /** The RTP payload type. */
  public int payloadType() {
    return payloadType;
  }

  byte silence() {
    return silence;
  }

  byte encode(short linear) {
    return this == PCMU ? G711.toUlaw(linear) : G711.toAlaw(linear);
  }

  short decode(byte coded) {
    return this == PCMU ? G711.fromUlaw(coded) : G711.fromAlaw(coded);
  }
}
