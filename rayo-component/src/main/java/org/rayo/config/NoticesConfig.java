package org.rayo.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.rayo.storage.NameTemplate;

/**
 * {@code rayo.notices}: who is told what becomes of recordings, besides the client.
 *
 * @param webhooks no two with the same url
 * @param keep how long a webhook is asked to take a notice
 * @param queueLimit notices that may wait, at least 1
 */
public record NoticesConfig(Jobs jobs, List<Webhook> webhooks, Duration keep, int queueLimit) {

  /** What a notice can be about; the word of each is its name in small letters with hyphens. */
  public enum Event {
    /** The client's {@code <record/>} was acknowledged. */
    RECORDING_STARTED,
    /** Its file is finished. */
    RECORDING_FINISHED,
    /** A store has it. */
    RECORDING_STORED,
    /** It could not be made, or a store will never have it. */
    RECORDING_FAILED;

    /** The word of the configuration and of the wire. */
    public String token() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Event ofToken(String token) {
      for (Event event : values()) {
        if (event.token().equals(token)) {
          return event;
        }
      }
      throw new IllegalArgumentException("there is no event '" + token + "'");
    }
  }

  /**
   * A directory that gets a file for every notice.
   *
   * @param directory empty: there is none
   * @param name of the files, without their extension {@code .json}; the format of the recording is
   *     its word {@value #FORMAT_WORD}
   */
  public record Jobs(Optional<Path> directory, NameTemplate name, Set<Event> events) {

    /** The metadata that stands for the recording's format, as {@code format} is the file's own. */
    public static final String FORMAT_META = "rayo.recording.format";

    private static final String FORMAT_WORD = "{meta." + FORMAT_META + "}";
    private static final String EXTENSION = ".json";

    public Jobs {
      Objects.requireNonNull(directory, "directory");
      Objects.requireNonNull(name, "name");
      events = Collections.unmodifiableSet(new TreeSet<>(events));
    }

    /**
     * Reads the name of job files.
     *
     * @param written with or without {@code .json}
     * @throws IllegalArgumentException saying what is wrong and what is allowed
     */
    public static NameTemplate name(String written) {
      String stem =
          written.endsWith(EXTENSION)
              ? written.substring(0, written.length() - EXTENSION.length())
              : written;
      return NameTemplate.parse(stem.replace("{format}", FORMAT_WORD));
    }
  }

  /**
   * An address that every notice is posted to.
   *
   * @param url may hold secrets, so that only its {@link #origin} is ever shown
   * @param secret that notices are signed with; empty: they are not
   * @param timeout for one request
   * @param headers sent with every request
   */
  public record Webhook(
      URI url, Secret secret, Set<Event> events, Duration timeout, Map<String, Secret> headers) {

    private static final Pattern LOOPBACK =
        Pattern.compile("(?i)localhost|\\[::1\\]|127(\\.\\d{1,3}){3}");

    public Webhook {
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(secret, "secret");
      Objects.requireNonNull(timeout, "timeout");
      events = Collections.unmodifiableSet(new TreeSet<>(events));
      headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /** Whether the headers, which are secret, can be read on the way. */
    public boolean tellsSecretsInTheClear() {
      return url.getScheme().equalsIgnoreCase("http")
          && !headers.isEmpty()
          && !LOOPBACK.matcher(url.getHost()).matches();
    }

    /** Scheme, host and port of the url, without what may be secret. */
    public String origin() {
      return url.getScheme()
          + "://"
          + url.getHost()
          + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** Without path and query of the url. */
    @Override
    public String toString() {
      return "Webhook[" + origin() + ", " + events + ", " + timeout + ", " + headers + "]";
    }
  }

  private static final String JOBS = "rayo.notices.jobs";
  private static final String WEBHOOKS = "rayo.notices.webhooks";
  private static final String EVENTS =
      "one of recording-started, recording-finished, recording-stored, recording-failed";

  /** Stands for one that has been complained of. */
  private static final URI UNUSABLE = URI.create("http://unusable.invalid/");

  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(5);

  public NoticesConfig {
    webhooks = List.copyOf(webhooks);
  }

  static NoticesConfig read(ConfigReader reader) {
    List<Webhook> webhooks =
        reader.blocks(
            WEBHOOKS,
            Map.of(
                "secret",
                "",
                "events",
                List.of(Event.values()).stream().map(Event::token).toList(),
                "timeout",
                "10s",
                "headers",
                Map.of()),
            Set.of("url"),
            NoticesConfig::webhook);
    List<URI> urls =
        webhooks.stream().map(Webhook::url).filter(url -> !url.equals(UNUSABLE)).toList();
    if (Set.copyOf(urls).size() < urls.size()) {
      reader.unfit(WEBHOOKS, "two have the same url; each may be there once");
    }
    return new NoticesConfig(
        new Jobs(
            directory(reader),
            reader.explained(JOBS + ".name", Jobs::name, Jobs.name("{recording-id}")),
            events(reader, JOBS + ".events")),
        webhooks,
        reader.duration("rayo.notices.keep", Duration.ofSeconds(1), Duration.ofDays(365)),
        reader.integer("rayo.notices.queue-limit", 1, 10_000_000));
  }

  private static Optional<Path> directory(ConfigReader reader) {
    return reader.parsed(
        JOBS + ".directory",
        text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)),
        Optional.empty(),
        "the path of a directory, or empty");
  }

  private static Set<Event> events(ConfigReader reader, String key) {
    Set<Event> events = new TreeSet<>(reader.list(key, Event::ofToken, EVENTS));
    if (reader.listIsEmpty(key)) {
      reader.wrong(key, "a list [...] that is not empty, each " + EVENTS);
    }
    return events;
  }

  private static Webhook webhook(ConfigReader block) {
    return new Webhook(
        url(block),
        block.secret("secret"),
        events(block, "events"),
        block.duration("timeout", Duration.ofMillis(100), LONGEST_TIMEOUT),
        headers(block));
  }

  private static URI url(ConfigReader block) {
    String text = block.parsed("url", written -> written, "", "a text in quotes");
    if (text.indexOf('@') >= 0) {
      // What stands before it may be a password, so the value is not shown.
      block.unfit(
          "url",
          "must be an address without '@': no user or password belongs into it; use headers");
      return UNUSABLE;
    }
    try {
      URI url = new URI(text);
      boolean web =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      if (web && url.getHost() != null && url.getFragment() == null && url.getPort() <= 65535) {
        return HttpRequest.newBuilder(url).build().uri();
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      // Told below, as are all that are addresses of something else.
    }
    String allowed = "an http: or https: address without fragment";
    if (text.indexOf('?') >= 0) {
      block.unfit(
          "url", "must be " + allowed + "; what stands after its ? may be secret and is not shown");
    } else {
      block.wrong("url", allowed);
    }
    return UNUSABLE;
  }

  private static Map<String, Secret> headers(ConfigReader block) {
    Map<String, Secret> headers = block.secrets("headers", "value");
    headers.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (lower.startsWith("x-rayo-") || lower.equals("content-type")) {
            block.unfit("headers", name + " is set by the server itself; choose another name");
          } else if (!sendable(name, value)) {
            block.unfit("headers", name + " or its value cannot be sent as a header");
          }
        });
    return headers;
  }

  private static boolean sendable(String name, Secret value) {
    try {
      HttpRequest.newBuilder().header(name, value.reveal());
      return true;
    } catch (IllegalArgumentException e) {
      // Its message has the value, which is not told on.
      return false;
    }
  }
}
