package org.rayo.media.freeswitch.eventsocket;

import java.util.concurrent.CompletableFuture;

/** Who waits for the reply to a command; told once, on the loop's thread. */
interface Answer {

  void arrived(Reply reply);

  void failed(EventSocketException why);

  /** Completes a future, whose dependents run on the loop's thread. */
  static Answer to(CompletableFuture<Reply> future) {
    return new Answer() {
      @Override
      public void arrived(Reply reply) {
        future.complete(reply);
      }

      @Override
      public void failed(EventSocketException why) {
        future.completeExceptionally(why);
      }
    };
  }
}
