package org.rayo.media.output;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a segment ready to be heard: fetched or spoken, decoded, at the call's rate. Blocks. What
 * several ask for at once is fetched once.
 */
final class SegmentLoader {

  private static final Logger log = LoggerFactory.getLogger(SegmentLoader.class);

  private final LocalFiles files;
  private final HttpFiles web;
  private final SpeechEngine speech;
  private final SoundFiles sounds;
  private final AudioCache cache;
  private final Duration patience;
  private final ConcurrentHashMap<AudioCache.Key, CompletableFuture<short[]>> loading =
      new ConcurrentHashMap<>();

  /**
   * A loader.
   *
   * @param patience for what another thread loads
   */
  SegmentLoader(
      LocalFiles files,
      HttpFiles web,
      SpeechEngine speech,
      SoundFiles sounds,
      AudioCache cache,
      Duration patience) {
    this.files = files;
    this.web = web;
    this.speech = speech;
    this.sounds = sounds;
    this.cache = cache;
    this.patience = patience;
  }

  Timeline.Piece load(Segment segment, int sampleRateHz) throws MediaException {
    if (segment instanceof Pause pause) {
      return Timeline.Piece.silence(pause.length(), sampleRateHz);
    }
    if (segment instanceof Speech text) {
      byte[] wav = speech.speak(text.text(), text.language(), text.voice());
      try {
        return Timeline.Piece.sound(sounds.decode(wav, sampleRateHz));
      } catch (BadAudioException e) {
        throw new MediaException(Fault.FAILED, "speech: what was spoken " + e.getMessage(), e);
      }
    }
    return Timeline.Piece.sound(once((AudioFile) segment, sampleRateHz));
  }

  /** The file, by whoever began to load it first. */
  private short[] once(AudioFile file, int sampleRateHz) throws MediaException {
    AudioCache.Key key = new AudioCache.Key(file.uri().toString(), sampleRateHz);
    CompletableFuture<short[]> mine = new CompletableFuture<>();
    CompletableFuture<short[]> others = loading.putIfAbsent(key, mine);
    if (others != null) {
      return await(others, file.uri());
    }
    try {
      short[] samples = load(file.uri(), key);
      mine.complete(samples);
      return samples;
    } catch (MediaException e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      loading.remove(key, mine);
      // Whatever else was thrown: nobody waits for ever.
      mine.completeExceptionally(
          new MediaException(Fault.FAILED, Uris.shown(file.uri()) + ": cannot be loaded"));
    }
  }

  private short[] await(CompletableFuture<short[]> others, URI uri) throws MediaException {
    try {
      return others.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      MediaException cause =
          e.getCause() instanceof MediaException media
              ? new MediaException(media.fault(), String.valueOf(media.getMessage()), media)
              : Uris.failed(uri, "cannot be loaded", e);
      throw cause;
    } catch (TimeoutException e) {
      throw Uris.failed(uri, "did not come in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Uris.failed(uri, "loading was broken off", e);
    }
  }

  private short[] load(URI uri, AudioCache.Key key) throws MediaException {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "file" -> fromDisk(uri, key);
      case "http", "https" -> fromWeb(uri, key);
      default -> throw Uris.refused(uri, "is not of file:, http: or https:");
    };
  }

  private short[] fromDisk(URI uri, AudioCache.Key key) throws MediaException {
    LocalFiles.Found found = files.find(uri);
    HttpVersion version = new HttpVersion(Optional.of(found.version()), Optional.empty());
    Optional<AudioCache.Entry> kept = cache.get(key);
    if (kept.isPresent() && kept.get().version().equals(version)) {
      return kept.get().samples();
    }
    short[] samples = sounds.decode(files.read(found), key.sampleRateHz(), uri);
    cache.put(key, new AudioCache.Entry(samples, version, System.nanoTime()));
    return samples;
  }

  private short[] fromWeb(URI uri, AudioCache.Key key) throws MediaException {
    Optional<AudioCache.Entry> kept = cache.get(key);
    if (kept.isPresent() && kept.get().isFresh()) {
      return kept.get().samples();
    }
    HttpVersion known = kept.map(AudioCache.Entry::version).orElse(HttpVersion.NONE);
    HttpFiles.Fetched fetched = web.fetch(uri, known);
    short[] samples;
    HttpVersion version;
    if (fetched.body().isPresent()) {
      samples = sounds.decode(fetched.body().get(), key.sampleRateHz(), uri);
      version = fetched.version();
    } else if (kept.isPresent() && known.isKnown()) {
      samples = kept.get().samples();
      version = known;
    } else {
      throw Uris.refused(uri, "the server answered 304 to who has nothing");
    }
    boolean worthKeeping = version.isKnown() || !fetched.fresh().isZero();
    if (fetched.mayBeKept() && worthKeeping) {
      long freshUntil = System.nanoTime() + fetched.fresh().toNanos();
      cache.put(key, new AudioCache.Entry(samples, version, freshUntil));
    } else {
      cache.remove(key);
    }
    log.debug("{}: {} samples, {}", Uris.shown(uri), samples.length, version);
    return samples;
  }
}
