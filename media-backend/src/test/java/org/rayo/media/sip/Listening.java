package org.rayo.media.sip;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;

/** What a test hears of a call. */
final class Listening {

  /** All but changes of the dialog. */
  final BlockingQueue<MediaEvent> events = new LinkedBlockingQueue<>();

  final BlockingQueue<MediaEvent.DialogChanged> dialogs = new LinkedBlockingQueue<>();

  static Listening to(MediaCall call) {
    Listening listening = new Listening();
    call.listen(listening::heard);
    return listening;
  }

  private void heard(MediaEvent event) {
    if (event instanceof MediaEvent.DialogChanged changed) {
      dialogs.add(changed);
    } else {
      events.add(event);
    }
  }

  String awaitDialog() throws InterruptedException {
    MediaEvent.DialogChanged next = dialogs.poll(10, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the dialog has not changed");
    }
    return next.state();
  }

  <E extends MediaEvent> E await(Class<E> kind) throws InterruptedException {
    MediaEvent next = events.poll(10, TimeUnit.SECONDS);
    if (!kind.isInstance(next)) {
      throw new AssertionError("not " + kind.getSimpleName() + " but " + next);
    }
    return kind.cast(next);
  }

  MediaEvent.Ended awaitEnd() throws InterruptedException {
    return await(MediaEvent.Ended.class);
  }

  static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** Why it failed. */
  static MediaException failure(CompletionStage<?> stage) throws Exception {
    try {
      stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return (MediaException) e.getCause();
    }
    throw new AssertionError("it did not fail");
  }
}
