package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.sip.AddressRange;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;

/** Who connects as a FreeSWITCH with a call, and offers what is none, or is somebody's. */
@Timeout(60)
class HostileSocketTest {

  @TempDir Path directory;
  private ScriptedSwitch server;
  private SwitchSite site;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedSwitch.start(SwitchOptions.defaults());
    site =
        new SwitchSite(
            SwitchSite.Limits.SHORT,
            directory,
            new FreeSwitchSettings.Offering(
                Optional.of(
                    new FreeSwitchSettings.Offering.Socket(
                        "127.0.0.1", 0, List.of(AddressRange.parse("127.0.0.1"))))),
            List.of(server),
            List.of(server.eventSocket().getPort()));
  }

  @AfterEach
  void stop() {
    site.close();
  }

  /** Offers a channel. */
  private Socket offer(String uuid) throws IOException {
    Socket socket =
        new Socket(
            InetAddress.getLoopbackAddress(), site.backend.socketAddress().orElseThrow().getPort());
    String data =
        "Event-Name: CHANNEL_DATA\nCore-UUID: "
            + server.api("global_getvar core_uuid").strip()
            + "\nUnique-ID: "
            + uuid
            + "\nCall-Direction: inbound\nAnswer-State: ringing\n"
            + "Content-Type: command/reply\nReply-Text: %2BOK%0A\n"
            + "Socket-Mode: async\nControl: full\n\n";
    socket.getOutputStream().write(data.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** Whether the other side closes it; what it says before does not matter. */
  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    InputStream in = socket.getInputStream();
    while (in.read() >= 0) {}
    return true;
  }

  @Test
  void offer_ofACallThatIsOursAlready_takesNothingFromIt() throws Exception {
    site.rings(0);
    SwitchSite.await("it is parked", () -> server.channels().size() == 1);
    String uuid = server.channels().get(0);
    try (Socket first = offer(uuid)) {
      MediaCall call = site.incoming();
      SwitchSite.Heard heard = new SwitchSite.Heard();
      call.listen(heard::add);

      try (Socket second = offer(uuid)) {
        assertThat(isClosed(second)).isTrue();
      }

      assertThat(site.offered()).isZero();
      SwitchSite.done(call.answer(List.of()));
      server.api("uuid_kill " + uuid);
      assertThat(heard.await(MediaEvent.Ended.class).reason())
          .isEqualTo(MediaEvent.EndReason.HUNGUP);
      assertThat(isClosed(first)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "ALL", "/.*/", "a%20b", "a%0A%0Aexit", "a@b", "a(b)", "%24{x}"})
  void offer_idThatIsMoreThanAnId_isNotTaken(String uuid) throws Exception {
    try (Socket socket = offer(uuid)) {
      assertThat(isClosed(socket)).isTrue();
    }
    assertThat(site.offered()).isZero();
    assertThat(site.backend.serversUp()).isEqualTo(1);
  }
}
