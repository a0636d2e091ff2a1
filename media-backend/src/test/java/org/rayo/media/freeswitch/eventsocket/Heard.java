package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that writes down what it hears: {@code up}, {@code lost …}, or an event. */
final class Heard implements SwitchConnection.Listener {

  private static final int PATIENCE_SECONDS = 20;

  private final BlockingQueue<Object> news = new LinkedBlockingQueue<>();

  @Override
  public void up() {
    news.add("up");
  }

  @Override
  public void lost(String why) {
    news.add("lost " + why);
  }

  @Override
  public void event(SwitchEvent event) {
    news.add(event);
  }

  /** What is heard next. */
  Object next() {
    try {
      Object next = news.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(next).as("news within %s s", PATIENCE_SECONDS).isNotNull();
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  void expectUp() {
    assertThat(next()).isEqualTo("up");
  }

  String expectLost() {
    Object next = next();
    assertThat(next).asString().startsWith("lost ");
    return next.toString();
  }

  SwitchEvent expectEvent() {
    return (SwitchEvent) next();
  }

  /** What was heard and not asked for yet. */
  int waiting() {
    return news.size();
  }
}
