package org.rayo.media.encode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Turns the samples of one recording into the bytes of one file.
 *
 * <p>Samples that go in are counted at the rate of what is recorded; an {@link Ending} counts those
 * that the file plays, at its own rate, which is another when the request wanted that.
 *
 * <p>Called in this order: {@link #begin} once, {@link #encode} and {@link #refresh} any number of
 * times, {@link #finish} once; or, when the file could not be written to its end, {@link #cutAt}.
 * After either, {@link #cutTo} where less is wanted. Not thread safe: one instance for each
 * recording, handed from thread to thread by its owner.
 */
public interface AudioEncoder extends AutoCloseable {

  /** Appends the head. The file is valid, and empty, from here on. */
  void begin(ByteSink sink);

  /**
   * Takes samples, and appends what can be said of them already.
   *
   * @param pcm 16 bit samples, channels interleaved, left first
   * @param offset of the first, counted in array elements
   * @param samples per channel
   */
  void encode(short[] pcm, int offset, int samples, ByteSink sink);

  /**
   * The head as it should be for what has been appended so far, for a format whose head says how
   * much follows. Whoever reads the file after a crash then sees all up to the last refresh.
   */
  Optional<Patch> refresh();

  /** Appends what is still inside. The file plays exactly {@link #samples} afterwards. */
  Ending finish(ByteSink sink);

  /**
   * How to end a file of which only the first bytes are on the disk. Possible at any time after
   * {@link #begin}, after {@link #finish} too; nothing can be encoded any more.
   *
   * @param sizeBytes that can be trusted, counted from the file's start
   */
  Ending cutAt(long sizeBytes);

  /**
   * How to end a file earlier that has been ended already: so that it plays exactly its first
   * samples. Reads only what lies about the new end.
   *
   * <p>A decoder that honours the file's head (mp3's tag, the granule position of Ogg's last page)
   * gives back not one sample more; what frames of a lossy format hold beyond it, because they
   * cannot be divided, is at most two frames.
   *
   * @param samples per channel, as {@link #samples} counts them
   * @param whole how {@link #finish} or {@link #cutAt} ended it; applied to the file
   * @param file with what was appended, for reading
   * @return {@code whole} when it plays no more than that
   */
  Ending cutTo(long samples, Ending whole, FileChannel file) throws IOException;

  /** Samples per channel that were given to {@link #encode}. */
  long samples();

  /**
   * Gives back what is held outside of Java's heap, as {@link #finish} and {@link #cutAt} do too:
   * for an encoder that neither is called of. Any number of times, at any time.
   */
  @Override
  default void close() {}
}
