package org.rayo.media.freeswitch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaException;

/** Writes down what it is told; a test ends what plays. */
final class FakePlayer implements Player {

  final List<String> told = new ArrayList<>();
  final List<String> ids = new ArrayList<>();
  final Set<String> missing = new HashSet<>();
  boolean refuses;

  private CompletionStage<Void> told(String what) {
    told.add(what);
    return refuses
        ? CompletableFuture.failedStage(
            new MediaException(MediaException.Fault.FAILED, "no such channel"))
        : CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<Void> play(PlayScript.Step step, String id) {
    ids.add(id);
    return told(step.argument());
  }

  String lastId() {
    return ids.get(ids.size() - 1);
  }

  @Override
  public CompletionStage<Void> stop() {
    return told("stop");
  }

  @Override
  public CompletionStage<Void> togglePause() {
    return told("pause");
  }

  @Override
  public CompletionStage<Void> seek(long millis, boolean absolute) {
    return told("seek " + millis + (absolute ? " absolute" : ""));
  }

  @Override
  public CompletionStage<Void> volume(int by) {
    return told("volume " + by);
  }

  @Override
  public CompletionStage<Void> speed(int by) {
    return told("speed " + by);
  }

  @Override
  public CompletionStage<Boolean> hasFile(String path) {
    return CompletableFuture.completedStage(!missing.contains(path));
  }

  @Override
  public CompletionStage<Boolean> canSpeak(String engine) {
    return CompletableFuture.completedStage(!missing.contains(engine));
  }
}
