package org.rayo.media.freeswitch;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The mixers that are there. Thread safe. */
final class MixerList {

  private final Set<FreeSwitchMixer> mixers = ConcurrentHashMap.newKeySet();

  void add(FreeSwitchMixer mixer) {
    mixers.add(mixer);
    mixer.whenDeparted(() -> mixers.remove(mixer));
  }

  List<FreeSwitchMixer> all() {
    return List.copyOf(mixers);
  }
}
