package org.rayo.server;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.rayo.config.FreeSwitchConfig;
import org.rayo.config.MediaConfig;
import org.rayo.config.RayoConfig;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.encryption.RecordingCipher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this machine can carry the server as it is configured: its addresses, its directories and
 * its stores. Leaves everything as it was. Ports are not looked at, because a server that runs
 * already may have them.
 */
final class Preflight {

  private static final Logger LOG = LoggerFactory.getLogger(Preflight.class);

  private Preflight() {}

  /** What is missing, a line each with the key; empty when all is well. */
  static List<String> problems(RayoConfig config) {
    List<String> problems = ofTheMachine(config);
    encryptionKey(config).ifPresent(problems::add);
    for (StorageException failure : ofTheStores(config)) {
      problems.add(String.valueOf(failure.getMessage()));
    }
    return problems;
  }

  /**
   * What keeps a server from starting: all {@link #problems} but for a store that is out of reach
   * for now, while another can be used, any store, and the key to which recordings are encrypted.
   * Recordings wait in the spool for them, and those that wait there already have to be told of.
   */
  static List<String> hindrances(RayoConfig config) {
    List<String> problems = ofTheMachine(config);
    encryptionKey(config)
        .ifPresent(
            problem -> LOG.error("recordings stay in the spool until it is mended: {}", problem));
    List<StorageException> failures = ofTheStores(config);
    boolean anotherWorks = failures.size() < Stores.inUse(config.storage()).size();
    for (StorageException failure : failures) {
      String complaint = String.valueOf(failure.getMessage());
      if (anotherWorks || failure.fault() == StorageException.Fault.UNAVAILABLE) {
        LOG.error("starting although a store cannot be used: {}", complaint);
      } else {
        problems.add(complaint);
      }
    }
    return problems;
  }

  private static List<String> ofTheMachine(RayoConfig config) {
    List<String> problems = new ArrayList<>();
    addresses(config.media()).forEach((key, value) -> address(key, value).ifPresent(problems::add));
    if (config.media().backend() == MediaConfig.Backend.FREESWITCH) {
      FreeSwitchConfig.Capture capture = config.media().freeswitch().capture();
      if (capture.mode() == FreeSwitchConfig.Mode.FILE) {
        directory("rayo.media.freeswitch.capture.directory", capture.directory())
            .ifPresent(problems::add);
      }
    }
    directory("rayo.spool.directory", config.spool().directory()).ifPresent(problems::add);
    config
        .notices()
        .jobs()
        .directory()
        .flatMap(jobs -> directory("rayo.notices.jobs.directory", jobs))
        .ifPresent(problems::add);
    return problems;
  }

  /** Those that are to be listened on, by their keys. */
  private static Map<String, InetAddress> addresses(MediaConfig media) {
    Map<String, InetAddress> addresses = new LinkedHashMap<>();
    switch (media.backend()) {
      case EMBEDDED ->
          addresses.put("rayo.media.embedded.sip.address", media.embedded().sip().address());
      case FREESWITCH -> {
        FreeSwitchConfig freeSwitch = media.freeswitch();
        addresses.put("rayo.media.freeswitch.capture.address", freeSwitch.capture().address());
        if (freeSwitch.offers() == FreeSwitchConfig.Offers.SOCKET) {
          addresses.put("rayo.media.freeswitch.socket.address", freeSwitch.socket().address());
        }
      }
    }
    InetAddress rtp = media.embedded().rtp().address();
    if (!addresses.containsValue(rtp)) {
      addresses.put("rayo.media.embedded.rtp.address", rtp);
    }
    return addresses;
  }

  private static Optional<String> encryptionKey(RayoConfig config) {
    Optional<Path> file = config.storage().encryptionKey();
    try {
      if (file.isPresent()) {
        LOG.debug("recordings are encrypted to {}", RecordingCipher.of(file.get()).keyId());
      }
      return Optional.empty();
    } catch (StorageException e) {
      return Optional.of("rayo.storage.encryption.public-key: " + e.getMessage());
    }
  }

  private static List<StorageException> ofTheStores(RayoConfig config) {
    List<StorageException> failures = new ArrayList<>();
    for (String name : Stores.inUse(config.storage())) {
      try (RecordingStore store =
          Stores.open(Objects.requireNonNull(config.storage().stores().get(name)))) {
        store.check();
      } catch (StorageException e) {
        failures.add(e);
      }
    }
    return failures;
  }

  private static Optional<String> address(String key, InetAddress address) {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
      return socket.isBound() ? Optional.empty() : Optional.of(key + ": cannot be listened on");
    } catch (SocketException e) {
      return Optional.of(
          key + " = " + address.getHostAddress() + ": is no address of this machine");
    }
  }

  /** Tries to write a file there, or where the directory would have to be made. */
  private static Optional<String> directory(String key, Path configured) {
    Path directory = configured.toAbsolutePath().normalize();
    Path existing = directory;
    while (!Files.exists(existing)) {
      existing = Optional.ofNullable(existing.getParent()).orElse(existing.getRoot());
    }
    String complaint = key + " = " + directory + ": ";
    if (!Files.isDirectory(existing)) {
      return Optional.of(complaint + existing + " is no directory");
    }
    try {
      Files.delete(Files.createTempFile(existing, ".probe", ""));
      return Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.of(complaint + "may not be written by this user");
    } catch (FileSystemException e) {
      String reason = Optional.ofNullable(e.getReason()).orElse("the file system refuses");
      return Optional.of(complaint + "cannot be written: " + reason);
    } catch (IOException e) {
      return Optional.of(complaint + "cannot be written: " + e.getMessage());
    }
  }
}
