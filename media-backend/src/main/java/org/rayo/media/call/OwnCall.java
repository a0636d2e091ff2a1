package org.rayo.media.call;

import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.rayo.media.Header;
import org.rayo.media.MediaCall;

/** A call as its backend sees it. */
public interface OwnCall extends MediaCall {

  Caller caller();

  @Override
  default String signallingId() {
    return caller().callId();
  }

  @Override
  default URI to() {
    return caller().to();
  }

  @Override
  default URI from() {
    return caller().from();
  }

  @Override
  default List<Header> headers() {
    return caller().headers();
  }

  /** Announces the call, on its queue. */
  void announce(Consumer<MediaCall> listener);

  /** Runs the task once the call has ended, its listener told or about to be. */
  void whenOver(Runnable task);

  /** Runs the task once nothing of the call is left to be done. */
  void whenDeparted(Runnable task);

  /** Everything worth knowing when something is odd, on one line. From any thread. */
  String debugState();
}
