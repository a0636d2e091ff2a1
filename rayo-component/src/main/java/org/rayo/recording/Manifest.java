package org.rayo.recording;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.ParticipantTimeline;
import org.rayo.media.RecordingRequest;
import org.rayo.storage.StoredRecording;

/**
 * What the journal knows of one recording; the file {@code manifest.json} beside its audio.
 *
 * @param recordingId also the name of its directory in the spool
 * @param origin the call and the client that it comes from
 * @param startedAt when it was asked for
 * @param state how far it has come
 * @param captured empty until capture has ended
 * @param deliveries what becomes of it in each store, by the store's name; first those that were
 *     asked for, in that order
 * @param announcement what its client is told, once that is decided
 * @param minDuration a shorter recording is discarded, unless it was an error that cut it short
 * @param meta the client's own metadata
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Manifest(
    String recordingId,
    Origin origin,
    AudioFormat format,
    RecordingRequest.Direction direction,
    Instant startedAt,
    State state,
    Optional<Captured> captured,
    Map<String, Delivery> deliveries,
    Optional<Announcement> announcement,
    Optional<Duration> minDuration,
    Map<String, String> meta) {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  /** Refuses what no journal has written. */
  public Manifest {
    if (!isId(recordingId)) {
      throw new IllegalArgumentException(
          "recording id '" + recordingId + "': letters, digits, _ and - are allowed");
    }
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(captured, "captured");
    Objects.requireNonNull(announcement, "announcement");
    Objects.requireNonNull(minDuration, "minDuration");
    if (captured.isPresent() == (state == State.CAPTURING)) {
      throw new IllegalArgumentException(
          "recording " + recordingId + " is " + state + " with " + captured);
    }
    if (state == State.ANNOUNCED && announcement.isEmpty()) {
      throw new IllegalArgumentException(
          "recording " + recordingId + " is " + state + " without what was announced");
    }
    deliveries = Collections.unmodifiableMap(new LinkedHashMap<>(deliveries));
    meta = Map.copyOf(meta);
  }

  /** A recording that is about to be captured. */
  public static Manifest begun(
      String recordingId,
      Origin origin,
      AudioFormat format,
      RecordingRequest.Direction direction,
      Instant startedAt,
      Map<String, Delivery> deliveries,
      Optional<Duration> minDuration,
      Map<String, String> meta) {
    return new Manifest(
        recordingId,
        origin,
        format,
        direction,
        startedAt,
        State.CAPTURING,
        Optional.empty(),
        deliveries,
        Optional.empty(),
        minDuration,
        meta);
  }

  /** Whether this can be the id of a recording, and so a directory's name. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Where a recording comes from.
   *
   * @param client full JID of whoever asked for it and will get the {@code <complete/>}
   * @param dialect the client's, by its configuration token
   * @param from address of the caller
   * @param to the address that was called
   */
  public record Origin(
      String callId, String componentId, String client, String dialect, String from, String to) {
    public Origin {
      Objects.requireNonNull(callId, "callId");
      Objects.requireNonNull(componentId, "componentId");
      Objects.requireNonNull(client, "client");
      Objects.requireNonNull(dialect, "dialect");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
    }
  }

  /** How far a recording has come with its client; it never goes back. */
  public enum State {
    /** Being recorded. */
    CAPTURING,
    /** The file is finished; its client does not know yet, as far as can be told. */
    CAPTURED,
    /** Its client has been told. */
    ANNOUNCED
  }

  /**
   * The facts of the finished file in the spool.
   *
   * @param at when capture had ended
   * @param participants of a mixer's who were there; in a document of their own, {@link
   *     SpooledParticipants}
   */
  @JsonIgnoreProperties(value = "participants", ignoreUnknown = true)
  public record Captured(
      CapturedRecording.Cause cause,
      long samples,
      int sampleRateHz,
      int channels,
      long sizeBytes,
      Optional<String> failure,
      Instant at,
      Optional<ParticipantTimeline> participants) {

    public Captured {
      Objects.requireNonNull(cause, "cause");
      Objects.requireNonNull(at, "at");
      Objects.requireNonNull(participants, "participants");
      if (samples < 0 || sampleRateHz <= 0 || channels <= 0 || sizeBytes < 0) {
        throw new IllegalArgumentException(
            "captured: %d samples of %d Hz in %d channels, %d bytes"
                .formatted(samples, sampleRateHz, channels, sizeBytes));
      }
      if (failure.isPresent() != (cause == CapturedRecording.Cause.ERROR)) {
        throw new IllegalArgumentException("captured: " + cause + " with the failure " + failure);
      }
    }

    /** The length to the millisecond, rounded half up from the samples. */
    public Duration duration() {
      return Duration.ofMillis((samples * 1000 + sampleRateHz / 2) / sampleRateHz);
    }

    static Captured of(CapturedRecording recording, Instant at) {
      return new Captured(
          recording.cause(),
          recording.samples(),
          recording.sampleRateHz(),
          recording.channels(),
          recording.sizeBytes(),
          recording.failure(),
          at,
          recording.participants());
    }

    private Captured with(ParticipantTimeline who) {
      return new Captured(
          cause, samples, sampleRateHz, channels, sizeBytes, failure, at, Optional.of(who));
    }
  }

  /**
   * One store's part.
   *
   * @param key the recording's name in that store
   * @param stored as it lies there, once it does
   * @param problem why it never will, once that is known
   */
  public record Delivery(
      String key, Status status, Optional<StoredRecording> stored, Optional<String> problem) {

    /** How far a store has come. */
    public enum Status {
      /** It is asked only when the others do not take it in time. */
      STANDBY,
      /** It has yet to take it. */
      PENDING,
      /** It has it; what is told of that may be outstanding. */
      STORED,
      /** It has it, and everything about that has been told. */
      SETTLED,
      /** It does not take it; a person can have it asked again. */
      DEAD
    }

    public Delivery {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(status, "status");
      Objects.requireNonNull(problem, "problem");
      if (stored.isPresent() != (status == Status.STORED || status == Status.SETTLED)) {
        throw new IllegalArgumentException("delivery of " + key + ": " + status + " as " + stored);
      }
    }

    /** A store that is to take it. */
    public static Delivery pending(String key) {
      return new Delivery(key, Status.PENDING, Optional.empty(), Optional.empty());
    }

    /** A store that is asked only in need. */
    public static Delivery standby(String key) {
      return new Delivery(key, Status.STANDBY, Optional.empty(), Optional.empty());
    }
  }

  /** Where a client is told that its recording lies. */
  public enum Place {
    /** There is nothing to read. */
    NOWHERE,
    /** In the spool, where it then stays. */
    SPOOL,
    /** In a store. */
    STORE
  }

  /**
   * The {@code <complete/>}, as far as it is not told by {@link Captured}. Decided once: what is
   * sent again is the same.
   *
   * @param uri where the recording can be read; empty exactly for {@link Place#NOWHERE}
   * @param sizeBytes of what lies there
   * @param at when it was decided, the event's stamp
   */
  public record Announcement(Place place, Optional<URI> uri, long sizeBytes, Instant at) {
    public Announcement {
      Objects.requireNonNull(place, "place");
      Objects.requireNonNull(at, "at");
      if (uri.isPresent() == (place == Place.NOWHERE)) {
        throw new IllegalArgumentException("announcement: " + place + " with the uri " + uri);
      }
    }

    /** There is nothing to read. */
    public static Announcement nowhere(Instant at) {
      return new Announcement(Place.NOWHERE, Optional.empty(), 0, at);
    }
  }

  /** Whether it is shorter than its client wants recordings to be. */
  public boolean isTooShort(CapturedRecording recording) {
    return recording.cause() != CapturedRecording.Cause.ERROR
        && minDuration.filter(least -> recording.duration().compareTo(least) < 0).isPresent();
  }

  /** The stores of which this holds, in their order. */
  List<String> stores(Delivery.Status... anyOf) {
    List<Delivery.Status> wanted = List.of(anyOf);
    return deliveries.entrySet().stream()
        .filter(entry -> wanted.contains(entry.getValue().status()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * One store's part.
   *
   * @throws IllegalArgumentException if that store has none
   */
  Delivery delivery(String store) {
    Delivery delivery = deliveries.get(store);
    if (delivery == null) {
      throw new IllegalArgumentException(
          "recording " + recordingId + " is not for the store " + store);
    }
    return delivery;
  }

  /** Every store that was asked has it, and whatever there was to tell of that has been told. */
  boolean isSettled() {
    return stores(Delivery.Status.PENDING, Delivery.Status.STORED, Delivery.Status.DEAD).isEmpty();
  }

  /** Its client has been told to read it in the spool. */
  boolean isReadInSpool() {
    return announcement.filter(told -> told.place() == Place.SPOOL).isPresent();
  }

  /** What was captured into this file, once capture has ended. */
  Optional<CapturedRecording> captured(Path file) {
    return captured.map(
        facts ->
            new CapturedRecording(
                    recordingId,
                    file,
                    format,
                    facts.cause(),
                    facts.samples(),
                    facts.sampleRateHz(),
                    facts.channels(),
                    facts.sizeBytes(),
                    facts.failure())
                .with(facts.participants()));
  }

  Manifest captured(CapturedRecording recording, Instant at) {
    return captured(State.CAPTURED, Captured.of(recording, at));
  }

  /** With those who were there, once capture has ended. */
  Manifest with(ParticipantTimeline who) {
    return captured.map(facts -> captured(state, facts.with(who))).orElse(this);
  }

  private Manifest captured(State next, Captured facts) {
    return new Manifest(
        recordingId,
        origin,
        format,
        direction,
        startedAt,
        next,
        Optional.of(facts),
        deliveries,
        announcement,
        minDuration,
        meta);
  }

  /** With another part of one store. */
  Manifest with(String store, Delivery delivery) {
    Map<String, Delivery> all = new LinkedHashMap<>(deliveries);
    all.put(store, delivery);
    return with(state, all, announcement);
  }

  /** No store is to have it. */
  Manifest discarded() {
    return with(state, Map.of(), announcement);
  }

  Manifest asking(String store) {
    if (!deliveries.containsKey(store)) {
      return this; // It was discarded meanwhile.
    }
    return with(store, Delivery.pending(delivery(store).key()));
  }

  Manifest stored(String store, StoredRecording there) {
    if (!deliveries.containsKey(store)) {
      return this; // It was discarded meanwhile.
    }
    return with(
        store,
        new Delivery(
            delivery(store).key(), Delivery.Status.STORED, Optional.of(there), Optional.empty()));
  }

  Manifest settled(String store) {
    if (!deliveries.containsKey(store)) {
      return this; // It was discarded meanwhile.
    }
    Delivery stored = delivery(store);
    return with(
        store,
        new Delivery(stored.key(), Delivery.Status.SETTLED, stored.stored(), Optional.empty()));
  }

  Manifest dead(String store, String problem) {
    if (!deliveries.containsKey(store)) {
      return this; // It was discarded meanwhile.
    }
    return with(
        store,
        new Delivery(
            delivery(store).key(), Delivery.Status.DEAD, Optional.empty(), Optional.of(problem)));
  }

  /** The first that is decided counts. */
  Manifest announcing(Announcement told) {
    return announcement.isPresent() ? this : with(state, deliveries, Optional.of(told));
  }

  Manifest announced() {
    return with(State.ANNOUNCED, deliveries, announcement);
  }

  private Manifest with(
      State next, Map<String, Delivery> deliveries, Optional<Announcement> announcement) {
    return new Manifest(
        recordingId,
        origin,
        format,
        direction,
        startedAt,
        next,
        captured,
        deliveries,
        announcement,
        minDuration,
        meta);
  }
}
