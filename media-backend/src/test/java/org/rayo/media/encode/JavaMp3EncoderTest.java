package org.rayo.media.encode;

/** LAME in Java. */
class JavaMp3EncoderTest extends Mp3EncoderContract {

  @Override
  AudioEncoders encoders() {
    return AudioEncoders.PORTABLE;
  }
}
