package org.rayo.recording;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.storage.NameTemplate;
import org.rayo.storage.RecordingFacts;

/**
 * Which stores get a recording, and under what name in each.
 *
 * @param configured all stores
 * @param preferred the stores that get one for which no others are asked; the first is the one that
 *     clients are told of
 * @param fallback the store that takes over when the first that was asked is late
 * @param storeNames how recordings are named in a store that has a way of its own
 * @param names how they are named elsewhere, by the word that chooses it; one is the default
 * @param suffix behind every name
 */
public record StoragePlan(
    Set<String> configured,
    List<String> preferred,
    Optional<String> fallback,
    Map<String, NameTemplate> storeNames,
    Map<String, NameTemplate> names,
    String suffix) {

  public StoragePlan {
    if (preferred.isEmpty()) {
      throw new IllegalArgumentException("no store is preferred");
    }
    configured = Set.copyOf(configured);
    preferred = List.copyOf(preferred);
    storeNames = Map.copyOf(storeNames);
    names = Map.copyOf(names);
  }

  /**
   * What is asked of the stores for one recording.
   *
   * @param asked the stores for it; empty: the preferred ones
   * @param chosen the name that was chosen for it, in all stores; empty: each store's own, or the
   *     default
   * @param standard the default
   */
  public Map<String, Delivery> deliveries(
      List<String> asked,
      Optional<NameTemplate> chosen,
      NameTemplate standard,
      RecordingFacts facts) {
    Map<String, Delivery> deliveries = new LinkedHashMap<>();
    for (String store : asked.isEmpty() ? preferred : asked) {
      deliveries.put(store, Delivery.pending(key(store, chosen, standard, facts)));
    }
    fallback.ifPresent(
        store ->
            deliveries.putIfAbsent(store, Delivery.standby(key(store, chosen, standard, facts))));
    return deliveries;
  }

  private String key(
      String store, Optional<NameTemplate> chosen, NameTemplate standard, RecordingFacts facts) {
    return chosen
            .orElseGet(() -> Optional.ofNullable(storeNames.get(store)).orElse(standard))
            .name(facts)
        + suffix;
  }
}
