package org.rayo.media;

import java.util.concurrent.CompletionStage;

/** A running detection. Thread safe; does not block. */
public interface MediaDetection {

  /** Nothing is told any more once this is complete. Repeating it is harmless. */
  CompletionStage<Void> stop();
}
