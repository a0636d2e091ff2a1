package org.rayo.storage.s3;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.peers.CephGateway;
import org.rayo.testkit.peers.RequiresPeer;

/** The contract against the gateway of Ceph. */
@RequiresPeer({"radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph", "monmaptool"})
final class S3OnCephTest extends S3Contract {

  @TempDir static Path directory;

  private static CephGateway ceph;
  private static S3Server server;

  @BeforeAll
  static void startServer() {
    ceph = CephGateway.start(directory, S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
    server = S3Server.at(ceph.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
    ceph.close();
  }

  @Override
  S3Server server() {
    return server;
  }
}
