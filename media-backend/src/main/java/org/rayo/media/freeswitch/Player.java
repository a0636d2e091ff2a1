package org.rayo.media.freeswitch;

import java.util.concurrent.CompletionStage;

/** What plays one thing at a time: a channel or a conference. Thread safe; does not block. */
interface Player {

  /**
   * Plays a step. Its end is told to {@link Playbacks#ended}.
   *
   * @param id comes back with it
   * @return completes when FreeSWITCH has taken it
   */
  CompletionStage<Void> play(PlayScript.Step step, String id);

  /** What plays is over. */
  CompletionStage<Void> stop();

  /** It plays nothing, and keeps its place; or goes on. */
  CompletionStage<Void> togglePause();

  /** The place moves by so much within the file, or, absolutely, to there. */
  CompletionStage<Void> seek(long millis, boolean absolute);

  /** So many of FreeSWITCH's steps louder, or softer, until what plays is over. */
  CompletionStage<Void> volume(int by);

  /** The same of speed. */
  CompletionStage<Void> speed(int by);

  /** Whether a file is there, where it is played. */
  CompletionStage<Boolean> hasFile(String path);

  /** Whether a text-to-speech engine is there; true where that is not known. */
  CompletionStage<Boolean> canSpeak(String engine);
}
