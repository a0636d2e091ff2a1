package org.rayo.storage.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;

/**
 * Where and how an HTTP store sends recordings.
 *
 * @param name the store's, for complaints
 * @param url the key is appended to it
 * @param publicUrl under which clients find what was sent to {@code url}
 * @param uris what is told to clients where there is no {@code publicUrl}
 * @param headers sent with every request to {@code url}'s host; may be secret, as is {@code
 *     authorization}
 * @param timeout for how long the receiver may neither take bytes nor answer
 */
record HttpSettings(
    String name,
    URI url,
    Optional<URI> publicUrl,
    Method method,
    Uris uris,
    Metadata metadata,
    Verify verify,
    Optional<String> authorization,
    Map<String, String> headers,
    Duration connectTimeout,
    Duration timeout,
    int maxRedirects) {

  enum Method {
    PUT,
    POST
  }

  enum Uris {
    /** The address that was sent to. */
    URL,
    /** The one in the answer's {@code Location}, where it has one. */
    LOCATION
  }

  enum Metadata {
    NONE,
    HEADERS,
    QUERY
  }

  enum Verify {
    /** The size is asked for afterwards. */
    HEAD,
    /** A 2xx is believed. */
    NONE
  }

  private static final Duration LONGEST = Duration.ofDays(1);

  private static final Set<String> KEYS =
      Set.of(
          "type",
          "url",
          "public-url",
          "method",
          "uri",
          "metadata",
          "verify",
          "username",
          "password",
          "token",
          "connect-timeout",
          "timeout",
          "max-redirects");

  static HttpSettings read(StoreSettings settings) throws StorageException {
    settings.known(KEYS, Set.of("headers"));
    settings.required("url");
    URI url = settings.webAddress("url").orElseThrow();
    return new HttpSettings(
        settings.store(),
        url,
        settings.webAddress("public-url"),
        settings.choice("method", Method.PUT, Map.of("PUT", Method.PUT, "POST", Method.POST)),
        settings.choice("uri", Uris.URL, Map.of("url", Uris.URL, "location", Uris.LOCATION)),
        settings.choice(
            "metadata",
            Metadata.HEADERS,
            Map.of("none", Metadata.NONE, "headers", Metadata.HEADERS, "query", Metadata.QUERY)),
        settings.choice("verify", Verify.HEAD, Map.of("none", Verify.NONE, "head", Verify.HEAD)),
        authorization(settings),
        headers(settings),
        settings.duration(
            "connect-timeout", Duration.ofSeconds(10), Duration.ofMillis(100), LONGEST),
        settings.duration("timeout", Duration.ofSeconds(60), Duration.ofMillis(100), LONGEST),
        settings.number("max-redirects", 3, 0, 20));
  }

  private static Optional<String> authorization(StoreSettings settings) throws StorageException {
    Optional<String> username = settings.optional("username");
    Optional<String> password = settings.secret("password");
    Optional<String> token = settings.secret("token");
    if (username.isPresent() != password.isPresent()) {
      throw settings.unfit(
          username.isPresent() ? "password" : "username", "username and password need each other");
    }
    if (token.isPresent()) {
      if (username.isPresent()) {
        throw settings.unfit("token", "leave it out, or username and password");
      }
      if (!token.get().matches("[\\x21-\\x7e]+")) {
        throw settings.unfit("token", "must be printable ASCII without spaces");
      }
      return Optional.of("Bearer " + token.get());
    }
    if (username.isEmpty()) {
      return Optional.empty();
    }
    if (username.get().indexOf(':') >= 0) {
      throw settings.wrong("username", "a name without a colon");
    }
    String pair = username.get() + ":" + password.orElseThrow();
    return Optional.of(
        "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
  }

  private static Map<String, String> headers(StoreSettings settings) throws StorageException {
    Map<String, String> headers = settings.block("headers");
    for (Map.Entry<String, String> header : new TreeMap<>(headers).entrySet()) {
      try {
        HttpRequest.newBuilder().header(header.getKey(), header.getValue());
      } catch (IllegalArgumentException e) {
        // Its message has the value, which may be secret: it is not told on.
        throw settings.unfit("headers." + header.getKey(), "this header or value cannot be sent");
      }
    }
    return headers;
  }

  /** Passwords would be readable on the way. */
  boolean tellsSecretsInTheClear() {
    return "http".equalsIgnoreCase(url.getScheme())
        && (authorization.isPresent() || !headers.isEmpty())
        && !loopback(url.getHost());
  }

  private static boolean loopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  /** The address and nothing that may be secret. */
  @Override
  public String toString() {
    return "HttpSettings[" + name + ": " + method + " " + url + "]";
  }
}
