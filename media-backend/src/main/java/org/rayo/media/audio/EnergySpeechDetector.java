package org.rayo.media.audio;

/**
 * Calls speech what is clearly louder than the line.
 *
 * <p>What is below 120 Hz is left out: hum, rumble, an offset. The rest is looked at in two bands,
 * up to 1.2 kHz, where voices are loudest and hum has its harmonics, and above, where hiss is loud
 * and sibilants are. The loudness of each band in each 20 ms is compared with the band's noise
 * floor: the quietest 20 ms of the last 1.5 s. Speech is 7 dB above the floor in one of the two,
 * and never below −51 dBFS there. A floor counts for −37 dBFS at most, since nothing louder is a
 * line's noise: whatever has −30 dBFS in a band is sound. Speech begins with three such stretches
 * in a row (a click is shorter) and may dip for 200 ms before it has to begin again.
 *
 * <p>So what is decided is whether there is sound, not whose. Music counts as speech: a recording
 * does not time out while a caller hears, or is, music on hold. So do a steady tone from −30 dBFS
 * on, other people's talk in the room when it is loud enough, and noise that rises, for as long as
 * it takes the floor to follow: 1.5 s.
 */
public final class EnergySpeechDetector implements SpeechDetector {

  private static final int WINDOW_MILLIS = 20;
  private static final double ABOVE_FLOOR = Math.pow(10, 0.7);
  private static final double QUIETEST_SPEECH = Levels.meanSquareOf(-51);
  private static final double LOUDEST_FLOOR = Levels.meanSquareOf(-37);
  private static final int ONSET_WINDOWS = 3;
  private static final int HANGOVER_WINDOWS = 10;
  private static final double RUMBLE_HZ = 120;
  private static final double BANDS_PART_HZ = 1200;

  private final int windowSamples;
  private final Biquad rumble;
  private final Biquad moreRumble;
  private final Biquad low;
  private final NoiseFloor lowFloor = new NoiseFloor();
  private final NoiseFloor highFloor = new NoiseFloor();
  private double lowSquares;
  private double highSquares;
  private int collected;
  private int loudInARow;
  private int untilOnsetAgain;
  private long sinceSpeech;

  /**
   * @param sampleRateHz at least 4,000
   */
  public EnergySpeechDetector(int sampleRateHz) {
    windowSamples = sampleRateHz * WINDOW_MILLIS / 1000;
    // Together a Butterworth filter of fourth order: 30 dB at 50 Hz.
    rumble = Biquad.highPass(RUMBLE_HZ, 0.541, sampleRateHz);
    moreRumble = Biquad.highPass(RUMBLE_HZ, 1.307, sampleRateHz);
    low = Biquad.lowPass(BANDS_PART_HZ, 0.707, sampleRateHz);
  }

  @Override
  public boolean heard(short[] samples, int length) {
    boolean heard = false;
    for (int i = 0; i < length; i++) {
      double sample = moreRumble.filter(rumble.filter(samples[i]));
      double inLow = low.filter(sample);
      double inHigh = sample - inLow;
      lowSquares += inLow * inLow;
      highSquares += inHigh * inHigh;
      if (++collected == windowSamples) {
        heard |= window();
      }
    }
    return heard;
  }

  @Override
  public long sinceSpeech() {
    return sinceSpeech + collected;
  }

  private boolean window() {
    boolean inLow = isLoud(lowSquares / windowSamples, lowFloor);
    boolean inHigh = isLoud(highSquares / windowSamples, highFloor);
    lowSquares = 0;
    highSquares = 0;
    collected = 0;
    rumble.settle();
    moreRumble.settle();
    low.settle();
    boolean speech = speech(inLow || inHigh);
    sinceSpeech = speech ? 0 : sinceSpeech + windowSamples;
    return speech;
  }

  private static boolean isLoud(double energy, NoiseFloor of) {
    double floor = Math.min(LOUDEST_FLOOR, of.next(energy));
    return energy >= QUIETEST_SPEECH && energy >= floor * ABOVE_FLOOR;
  }

  private boolean speech(boolean loud) {
    loudInARow = loud ? loudInARow + 1 : 0;
    if (loud && (untilOnsetAgain > 0 || loudInARow >= ONSET_WINDOWS)) {
      untilOnsetAgain = HANGOVER_WINDOWS;
      return true;
    }
    untilOnsetAgain = Math.max(0, untilOnsetAgain - 1);
    return false;
  }
}
