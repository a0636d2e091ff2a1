package org.rayo.media;

import java.util.concurrent.CompletionStage;

/**
 * A place where many calls hear each other: each participant hears all others and not itself. Calls
 * are joined to it by {@link MediaCall#join(MediaMixer, JoinRequest)}. Who speaks is told by {@link
 * MediaEvent.SpeakingChanged}. Recordings of it are {@code recv} only.
 */
public interface MediaMixer extends MediaParty {

  /** What {@link MediaBackend#createMixer} was given; for logs. */
  String name();

  /**
   * Ends it: whoever is in it still hears nothing of it any more, and its recordings, outputs and
   * detections end. Completes when the request is on its way. Repeating it is harmless.
   */
  CompletionStage<Void> close();
}
