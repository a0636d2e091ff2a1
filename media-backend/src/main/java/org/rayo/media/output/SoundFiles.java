package org.rayo.media.output;

import java.net.URI;
import java.time.Duration;
import org.rayo.media.MediaException;

/** Reads sound files: wav, mp3 and Opus in Ogg, told apart by what is in them. */
final class SoundFiles {

  private final Duration maxLength;

  SoundFiles(Duration maxLength) {
    this.maxLength = maxLength;
  }

  /**
   * Decodes a file.
   *
   * @return one channel at the wanted rate
   * @throws MediaException with fault {@code REFUSED} for what is no sound, is broken or too long
   */
  short[] decode(byte[] file, int sampleRateHz, URI uri) throws MediaException {
    try {
      return decode(file, sampleRateHz);
    } catch (BadAudioException e) {
      throw Uris.refused(uri, String.valueOf(e.getMessage()));
    }
  }

  short[] decode(byte[] file, int sampleRateHz) throws BadAudioException {
    long maxSamples = maxLength.toMillis() * sampleRateHz / 1000;
    if (starts(file, "RIFF", 0) && starts(file, "WAVE", 8)) {
      return WavReader.read(file, sampleRateHz, maxSamples);
    }
    if (starts(file, "OggS", 0)) {
      return OggOpusReader.read(file, sampleRateHz, maxSamples);
    }
    if (Mp3Reader.isMp3(file)) {
      return Mp3Reader.read(file, sampleRateHz, maxSamples);
    }
    throw new BadAudioException("is neither wav nor mp3 nor Opus in Ogg");
  }

  static boolean starts(byte[] file, String mark, int at) {
    if (file.length < at + mark.length()) {
      return false;
    }
    for (int i = 0; i < mark.length(); i++) {
      if (file[at + i] != mark.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
