package org.rayo.media.output;

import java.util.Optional;
import org.rayo.media.MediaException;

/** Speaks. Thread safe; blocks for a bounded time. */
public interface SpeechEngine {

  /** Says that there is none. */
  SpeechEngine NONE =
      (text, language, voice) -> {
        throw new MediaException(
            MediaException.Fault.UNSUPPORTED, "no speech engine is configured, text is not spoken");
      };

  /**
   * Speaks a text.
   *
   * @param language as in BCP 47; empty: the engine's own
   * @param voice the engine's name of one, which then decides alone
   * @return a sound file
   * @throws MediaException with {@link MediaException.Fault#UNSUPPORTED} when the engine is not
   *     there, {@link MediaException.Fault#REFUSED} for a language, voice or text that it does not
   *     take, {@link MediaException.Fault#FAILED}
   */
  byte[] speak(String text, Optional<String> language, Optional<String> voice)
      throws MediaException;
}
