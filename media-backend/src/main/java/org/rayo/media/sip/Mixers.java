package org.rayo.media.sip;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;

/** The mixers of a backend. Thread safe. */
final class Mixers {

  private final CallEnvironment environment;
  private final Set<EmbeddedMixer> open = ConcurrentHashMap.newKeySet();

  Mixers(CallEnvironment environment) {
    this.environment = environment;
  }

  CompletionStage<MediaMixer> create(String name) {
    try {
      EmbeddedMixer mixer = new EmbeddedMixer(name, environment, environment.ports().mediaThread());
      open.add(mixer);
      mixer.whenDeparted(() -> open.remove(mixer));
      return CompletableFuture.completedStage(mixer);
    } catch (MediaException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  List<EmbeddedMixer> all() {
    return List.copyOf(open);
  }
}
