package org.rayo.media.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.rayo.media.MediaException;

/**
 * Fetches over HTTP and HTTPS, from permitted addresses only: the address that is connected to is
 * the one that was checked, for every redirect anew, so a name that is resolved to something else a
 * moment later gains nothing. Blocks; every fetch is over after its time.
 */
final class HttpFiles {

  /**
   * What came.
   *
   * @param body empty: what the caller has is still right
   * @param mayBeKept for later
   * @param fresh how long nobody need ask again
   */
  record Fetched(Optional<byte[]> body, HttpVersion version, boolean mayBeKept, Duration fresh) {}

  /** Limits of a fetch, as in {@link OutputSettings}. */
  record Limits(long maxBytes, Duration connect, Duration whole) {}

  /** Finds addresses; the system's resolver, but in tests. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  private static final int MAX_REDIRECTS = 3;

  private final AddressRules rules;
  private final Limits limits;
  private final Watchdog watchdog;
  private final SSLSocketFactory tls;
  private final Resolver resolver;

  HttpFiles(
      AddressRules rules,
      Limits limits,
      Watchdog watchdog,
      SSLSocketFactory tls,
      Resolver resolver) {
    this.rules = rules;
    this.limits = limits;
    this.watchdog = watchdog;
    this.tls = tls;
    this.resolver = resolver;
  }

  /**
   * Fetches.
   *
   * @param known the version that the caller has
   */
  Fetched fetch(URI uri, HttpVersion known) throws MediaException {
    long end = System.nanoTime() + limits.whole().toNanos();
    URI at = uri;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      Answer answer = exchange(uri, at, known, end);
      if (answer.fetched().isPresent()) {
        return answer.fetched().get();
      }
      at = next(uri, at, answer.location());
    }
    throw Uris.refused(uri, "more than " + MAX_REDIRECTS + " redirects");
  }

  /** Either the content or where it is. */
  private record Answer(Optional<Fetched> fetched, String location) {}

  /** With the first of the host's addresses that takes the connection. */
  private Answer exchange(URI asked, URI at, HttpVersion known, long end) throws MediaException {
    Target target = target(asked, at);
    MediaException failure = Uris.refused(asked, "the host has no address");
    for (InetAddress address : permitted(asked, target.host())) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      Socket socket = new Socket(Proxy.NO_PROXY);
      try (Watchdog.Guard guard = watchdog.guard(left, () -> closeQuietly(socket))) {
        try {
          socket.connect(
              new InetSocketAddress(address, target.port()), (int) limits.connect().toMillis());
        } catch (IOException e) {
          failure = failed(asked, guard, e);
          continue;
        }
        return exchange(asked, at, new Connection(socket, target, guard), known);
      } finally {
        closeQuietly(socket);
      }
    }
    throw failure;
  }

  private record Connection(Socket socket, Target target, Watchdog.Guard guard) {}

  private Answer exchange(URI asked, URI at, Connection to, HttpVersion known)
      throws MediaException {
    try {
      Socket channel = to.target().secure() ? secured(to.socket(), to.target()) : to.socket();
      channel.getOutputStream().write(request(at, to.target(), known).getBytes(US_ASCII));
      channel.getOutputStream().flush();
      return answer(asked, HttpResponse.read(new BufferedInputStream(channel.getInputStream())));
    } catch (HttpResponse.TooLargeException e) {
      throw Uris.refused(asked, "is larger than " + limits.maxBytes() + " bytes");
    } catch (IOException e) {
      throw failed(asked, to.guard(), e);
    }
  }

  private MediaException failed(URI asked, Watchdog.Guard guard, IOException why) {
    String text =
        guard.fired()
            ? "did not come within " + limits.whole().toMillis() + " ms"
            : "cannot be fetched, " + why.getMessage();
    return Uris.failed(asked, text, why);
  }

  private Answer answer(URI asked, HttpResponse response) throws IOException, MediaException {
    int status = response.status();
    switch (status) {
      case 200 -> {
        byte[] body = response.body(limits.maxBytes());
        return new Answer(
            Optional.of(
                new Fetched(
                    Optional.of(body), response.version(), response.mayBeKept(), response.fresh())),
            "");
      }
      case 304 -> {
        return new Answer(
            Optional.of(
                new Fetched(
                    Optional.empty(), response.version(), response.mayBeKept(), response.fresh())),
            "");
      }
      case 301, 302, 303, 307, 308 -> {
        return new Answer(
            Optional.empty(),
            response
                .header("location")
                .orElseThrow(() -> Uris.refused(asked, "redirects to nowhere")));
      }
      default -> {
        String told = "the server answered " + status;
        throw status >= 500
            ? new MediaException(MediaException.Fault.FAILED, Uris.shown(asked) + ": " + told)
            : Uris.refused(asked, told);
      }
    }
  }

  private static URI next(URI asked, URI at, String location) throws MediaException {
    try {
      URI next = at.resolve(location);
      if (scheme(at).equals("https") && !scheme(next).equals("https")) {
        throw Uris.refused(asked, "redirects from https to something else");
      }
      return next;
    } catch (IllegalArgumentException e) {
      throw Uris.refused(asked, "redirects to what is not a URI");
    }
  }

  /** Where a URI leads. */
  private record Target(String host, int port, boolean secure) {}

  private static Target target(URI asked, URI at) throws MediaException {
    boolean secure = scheme(at).equals("https");
    if (!secure && !scheme(at).equals("http")) {
      throw Uris.refused(asked, "is not http or https, or redirects to what is not");
    }
    if (at.getRawUserInfo() != null) {
      throw Uris.refused(asked, "a user name in it is not supported");
    }
    if (at.getHost() == null || at.getPort() == 0 || at.getPort() > 65535) {
      throw Uris.refused(asked, "its host or port is not valid");
    }
    String host = at.getHost();
    if (host.startsWith("[")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Target(host, at.getPort() < 0 ? (secure ? 443 : 80) : at.getPort(), secure);
  }

  private static String scheme(URI uri) {
    return String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
  }

  private List<InetAddress> permitted(URI asked, String host) throws MediaException {
    List<InetAddress> addresses;
    try {
      addresses = Arrays.stream(resolver.resolve(host)).filter(rules::permits).toList();
    } catch (UnknownHostException e) {
      throw Uris.failed(asked, "the host is not known", e);
    }
    if (addresses.isEmpty()) {
      throw Uris.refused(
          asked, "the address of its host, or of one that it redirects to, is not permitted");
    }
    return addresses;
  }

  private Socket secured(Socket plain, Target target) throws IOException {
    SSLSocket secure = (SSLSocket) tls.createSocket(plain, target.host(), target.port(), false);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    boolean isName = !target.host().contains(":") && !target.host().matches("[0-9.]+");
    if (isName) {
      try {
        parameters.setServerNames(List.of(new SNIHostName(target.host())));
      } catch (IllegalArgumentException e) {
        throw new IOException("its host is no name that TLS knows", e);
      }
    }
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private static String request(URI at, Target target, HttpVersion known) {
    URI ascii = URI.create(at.toASCIIString());
    String path = ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
    String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
    String host = target.host().contains(":") ? "[" + target.host() + "]" : target.host();
    StringBuilder text = new StringBuilder();
    text.append("GET ").append(path).append(query).append(" HTTP/1.1\r\nHost: ").append(host);
    if (at.getPort() >= 0) {
      text.append(':').append(at.getPort());
    }
    text.append("\r\nUser-Agent: Rayo\r\nAccept: audio/*, application/ogg, */*;q=0.1\r\n");
    text.append("Accept-Encoding: identity\r\nConnection: close\r\n");
    known.etag().ifPresent(tag -> text.append("If-None-Match: ").append(tag).append("\r\n"));
    known
        .lastModified()
        .ifPresent(date -> text.append("If-Modified-Since: ").append(date).append("\r\n"));
    return text.append("\r\n").toString();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // There is nothing left to close then.
    }
  }
}
