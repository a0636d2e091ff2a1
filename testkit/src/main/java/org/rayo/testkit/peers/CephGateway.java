package org.rayo.testkit.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A private Ceph with its S3 gateway: one monitor, one store in memory, the gateway, all on
 * loopback, and one user.
 *
 * @see <a href="https://docs.ceph.com/en/pacific/radosgw/">Ceph object gateway</a>
 */
public final class CephGateway implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final Path directory;
  private final int monitorPort;
  private final int gatewayPort;
  private final Deque<PeerProcess> daemons = new ArrayDeque<>();

  private CephGateway(Path directory) {
    this.directory = directory.toAbsolutePath();
    int[] ports = Ports.twoFree();
    monitorPort = ports[0];
    gatewayPort = ports[1];
  }

  /** Makes and starts a cluster in an empty directory. */
  public static CephGateway start(Path directory, String accessKey, String secretKey) {
    CephGateway gateway = new CephGateway(directory);
    boolean started = false;
    try {
      gateway.start(accessKey, secretKey);
      started = true;
      return gateway;
    } finally {
      if (!started) {
        gateway.close();
      }
    }
  }

  /** Where the gateway speaks S3. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + gatewayPort);
  }

  private void start(String accessKey, String secretKey) {
    String cluster = UUID.randomUUID().toString();
    String store = UUID.randomUUID().toString();
    configure(cluster);
    String monitor = "[v2:127.0.0.1:" + monitorPort + "]";
    run("monmaptool", "--create", "--fsid", cluster, "--addv", "a", monitor, "monmap");
    run("ceph-mon", "-c", "ceph.conf", "--mkfs", "-i", "a", "--monmap", "monmap");
    daemon("ceph-mon", "-c", "ceph.conf", "-i", "a", "-f");
    run("ceph", "-c", "ceph.conf", "osd", "new", store);
    run("ceph-osd", "-c", "ceph.conf", "-i", "0", "--mkfs", "--osd-uuid", store);
    daemon("ceph-osd", "-c", "ceph.conf", "-i", "0", "-f");
    run(
        "radosgw-admin",
        "-c",
        "ceph.conf",
        "user",
        "create",
        "--uid=rayo",
        "--display-name=rayo",
        "--access-key=" + accessKey,
        "--secret-key=" + secretKey);
    daemon("radosgw", "-c", "ceph.conf", "-n", "client.rgw", "-f")
        .await(() -> Ports.accepts(gatewayPort), LIMIT);
  }

  private PeerProcess daemon(String... command) {
    PeerProcess daemon = process(command);
    daemons.push(daemon);
    return daemon;
  }

  private void run(String... command) {
    PeerProcess once = process(command);
    int exit = once.exit(LIMIT);
    if (exit != 0) {
      throw new IllegalStateException(
          String.join(" ", command).replaceAll("-key=\\S+", "-key=…")
              + " ended with "
              + exit
              + ":\n"
              + once.log());
    }
  }

  private PeerProcess process(String... command) {
    List<String> found =
        Stream.concat(Stream.of(Programs.require(command[0])), Stream.of(command).skip(1)).toList();
    return PeerProcess.start(
        found, directory, Map.of(), directory.resolve("logs/" + command[0] + ".out"));
  }

  private void configure(String cluster) {
    String configuration =
        """
        [global]
        fsid = %1$s
        mon host = v2:127.0.0.1:%2$d
        public addr = 127.0.0.1
        cluster addr = 127.0.0.1
        auth cluster required = none
        auth service required = none
        auth client required = none
        ms bind msgr1 = false
        ms mon client mode = crc
        ms client mode = crc
        osd pool default size = 1
        osd pool default min size = 1
        osd pool default pg num = 1
        osd pool default pgp num = 1
        osd pool default pg autoscale mode = off
        osd crush chooseleaf type = 0
        mon allow pool size one = true
        mon max pg per osd = 10000
        run dir = %4$s/run
        admin socket =
        log file = %4$s/logs/$name.log
        mon cluster log file = %4$s/logs/cluster.log
        pid file = %4$s/run/$name.pid
        osd objectstore = memstore
        memstore device bytes = 1073741824
        osd data = %4$s/osd
        mon data = %4$s/mon
        rgw data = %4$s/run
        rgw frontends = beast endpoint=127.0.0.1:%3$d
        rgw thread pool size = 64
        """;
    try {
      for (String name : List.of("mon", "osd", "run", "logs")) {
        Files.createDirectories(directory.resolve(name));
      }
      Files.writeString(
          directory.resolve("ceph.conf"),
          configuration.formatted(cluster, monitorPort, gatewayPort, directory));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + directory, e);
    }
  }

  /** All that it holds is lost. */
  @Override
  public void close() {
    while (!daemons.isEmpty()) {
      daemons.pop().kill();
    }
  }
}
