package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upload must do while its file grows, at its end, and when it is given up. */
public abstract class UploadContract extends StorePlace {

  @Test
  void finish_notCalledYet_nothingIsVisible() throws Exception {
    Upload upload = store.begin(recording("a/b.mp3", audio(largeBytes(), 2)));
    assertThat(visible()).isEmpty();

    upload.advance(largeBytes() - 100_000);
    assertThat(visible()).isEmpty();

    upload.finish();
    assertThat(visible()).containsExactly("a/b.mp3");
  }

  @Test
  void finish_calledAgain_givesTheSameAnswer() throws Exception {
    Upload upload = store.begin(recording("a.mp3", audio(10, 3)));

    assertThat(upload.finish()).isEqualTo(upload.finish());
    assertThat(everythingAfterClose()).containsExactly("a.mp3");
  }

  @Test
  void finish_fileThatGrewAndWhoseHeadWasRewritten_isStoredAsItIsAtLast() throws Exception {
    byte[] bytes = audio(largeBytes(), 4);
    RecordingFile file = recording("grown.mp3", new byte[0]);
    Upload upload = store.begin(file);

    int step = bytes.length / 10;
    for (int written = 0; written < bytes.length; written += step) {
      int end = Math.min(bytes.length, written + step);
      byte[] next = Arrays.copyOfRange(bytes, written, end);
      Files.write(file.path(), next, StandardOpenOption.APPEND);
      upload.advance(end - 1_000);
    }
    System.arraycopy(audio(1_441, 5), 0, bytes, 0, 1_441);
    try (var channel = Files.newByteChannel(file.path(), StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(bytes, 0, 1_441));
    }

    assertThat(fetch(upload.finish())).isEqualTo(bytes);
  }

  /** As a format does that closes its last page at the end, or a recorder that cuts silence. */
  @Test
  void finish_fileWhoseEndChangedBehindWhatWasFinal_isStoredAsItIsAtLast() throws Exception {
    byte[] bytes = audio(largeBytes(), 6);
    RecordingFile file = recording("trimmed.mp3", bytes);
    Upload upload = store.begin(file);
    int last = bytes.length - 300_000;
    upload.advance(last);

    byte[] end = audio(120_000, 19);
    rewriteEnd(file, last, end);

    byte[] whole = Arrays.copyOf(bytes, last + end.length);
    System.arraycopy(end, 0, whole, last, end.length);
    StoredRecording stored = upload.finish();
    assertThat(stored.sizeBytes()).isEqualTo(whole.length);
    assertThat(fetch(stored)).isEqualTo(whole);
  }

  /** The file has other bytes, and only those, from here on. */
  protected static void rewriteEnd(RecordingFile file, long from, byte[] end) throws IOException {
    try (var channel = Files.newByteChannel(file.path(), StandardOpenOption.WRITE)) {
      channel.truncate(from).position(from).write(java.nio.ByteBuffer.wrap(end));
    }
  }

  /**
   * A promise that was broken: a store that sent nothing early may store what there is; one that
   * did must say so, and never show a mixture.
   */
  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000, 2_500_000})
  void finish_fileShorterThanWhatWasFinal_isStoredAsItIsOrNotAtAll(int left) throws Exception {
    byte[] bytes = audio(largeBytes(), 14);
    RecordingFile file = recording("short.mp3", bytes);
    Upload upload = store.begin(file);
    upload.advance(bytes.length);
    rewriteEnd(file, left, new byte[0]);

    StoredRecording[] stored = new StoredRecording[1];
    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> stored[0] = upload.finish());

    if (thrown != null) {
      assertThat(thrown.fault()).isEqualTo(StorageException.Fault.CORRUPTED);
      assertThat(visible()).isEmpty();
      upload.abort();
      stored[0] = store.begin(file).finish();
    }
    assertThat(fetch(stored[0])).isEqualTo(Arrays.copyOf(bytes, left));
    assertThat(everythingAfterClose()).containsExactly("short.mp3");
  }

  @Test
  void abort_afterAdvance_leavesNothing() throws Exception {
    Upload upload = store.begin(recording("a/b.mp3", audio(largeBytes(), 9)));
    upload.advance(largeBytes() - 50_000);

    upload.abort();
    upload.abort();

    assertThat(everythingAfterClose()).isEmpty();
    assertThatThrownBy(upload::finish).isInstanceOf(StorageException.class);
  }

  @Test
  void finish_onAThreadThatWasInterrupted_blamesNeitherFileNorRecording() throws Exception {
    RecordingFile file = recording("a/b.mp3", audio(1_000, 18));
    Upload upload = store.begin(file);

    Thread.currentThread().interrupt();
    StorageException thrown = catchThrowableOfType(StorageException.class, upload::finish);
    upload.abort();

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    if (thrown != null) {
      assertThat(thrown.fault()).isEqualTo(StorageException.Fault.UNAVAILABLE);
    }
    assertThat(fetch(store.begin(file).finish())).isEqualTo(audio(1_000, 18));
    assertThat(everythingAfterClose()).containsExactly("a/b.mp3");
  }

  @Test
  void abort_onAThreadThatWasInterrupted_leavesNothingAndKeepsTheInterrupt() throws Exception {
    Upload upload = store.begin(recording("a/b.mp3", audio(largeBytes(), 15)));
    upload.advance(largeBytes());

    Thread.currentThread().interrupt();
    upload.abort();

    assertThat(Thread.interrupted()).as("still interrupted").isTrue();
    assertThat(everythingAfterClose()).isEmpty();
  }

  @Test
  void abort_afterFinish_doesNothing() throws Exception {
    Upload upload = store.begin(recording("kept.mp3", audio(10, 10)));
    upload.finish();

    upload.abort();

    assertThat(everythingAfterClose()).containsExactly("kept.mp3");
  }

  @Test
  void close_withAnUploadUnderWay_abortsIt() throws Exception {
    Upload upload = store.begin(recording("never.mp3", audio(largeBytes(), 11)));
    upload.advance(largeBytes());

    assertThat(everythingAfterClose()).isEmpty();
    assertThatThrownBy(upload::finish).isInstanceOf(StorageException.class);
  }
}
