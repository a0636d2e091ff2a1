package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.freeswitch.esl.client.inbound.Client;
import org.freeswitch.esl.client.transport.message.EslMessage;
import org.junit.jupiter.api.Test;

/** An independent client gets on with the frames that these tests speak. */
final class EslClientTest {

  @Test
  void command_ofAnotherClient_isAnswered() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (RawSwitch server = new RawSwitch()) {
      CompletableFuture<String> command =
          CompletableFuture.supplyAsync(
              () -> {
                RawSwitch.Visit visit = server.accept();
                visit.say("Content-Type: auth/request\n\n");
                visit.expect("auth " + RawSwitch.PASSWORD);
                visit.say(Wire.commandReply("+OK accepted"));
                String said = visit.command();
                visit.say(Wire.apiResponse("true"));
                return said;
              },
              executor);
      Client client = new Client();
      client.connect("127.0.0.1", server.address().port(), RawSwitch.PASSWORD, 20);
      EslMessage answer = client.sendSyncApiCommand("uuid_exists", "call-1");
      assertThat(answer.getBodyLines()).containsExactly("true");
      assertThat(command.get(20, TimeUnit.SECONDS)).isEqualTo("api uuid_exists call-1");
    } finally {
      executor.shutdownNow();
    }
  }
}
