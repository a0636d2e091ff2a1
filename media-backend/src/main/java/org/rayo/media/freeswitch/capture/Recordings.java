package org.rayo.media.freeswitch.capture;

import java.nio.file.Path;
import java.util.concurrent.CompletionStage;

/**
 * What FreeSWITCH does for a call whose audio is read from files. Every method is called on the
 * call's media thread and must not block; what it completes or runs may be on any thread.
 */
public interface Recordings {

  /**
   * Makes FreeSWITCH write the call into a new file, which this side can read: wav, 16 bits, 8000
   * Hz, what the caller says left and what the caller hears right, each frame at once. {@code
   * uuid_record <uuid> start <file> 0} with {@code RECORD_STEREO=true}, {@code
   * enable_file_write_buffering=false}, {@code RECORD_PRE_BUFFER_FRAMES=0} and {@code
   * record_sample_rate=8000} does.
   *
   * @return completes with the file, which may not be there yet; fails with a {@link
   *     org.rayo.media.MediaException}
   */
  CompletionStage<Path> start();

  /** That file is not needed any more. Harmless when it is not written any more. */
  void stop(Path file);

  /**
   * Plays the beep of a recording to the caller.
   *
   * @param done to be run once: when FreeSWITCH has played it to its end, or cannot play it
   */
  void beep(Runnable done);
}
