package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.freeswitch.esl.client.IEslEventListener;
import org.freeswitch.esl.client.inbound.Client;
import org.freeswitch.esl.client.transport.event.EslEvent;
import org.freeswitch.esl.client.transport.message.EslMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.SoftPhone;

/** The scripted switch, seen by a client that others wrote. */
@Timeout(60)
class ScriptedSwitchTest {

  /** Notes what comes. */
  private static final class Noting implements IEslEventListener {
    final BlockingQueue<EslEvent> events = new LinkedBlockingQueue<>();
    final BlockingQueue<EslEvent> jobs = new LinkedBlockingQueue<>();

    @Override
    public void eventReceived(EslEvent event) {
      events.add(event);
    }

    @Override
    public void backgroundJobResultReceived(EslEvent event) {
      jobs.add(event);
    }

    EslEvent await(String name) throws InterruptedException {
      while (true) {
        EslEvent event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("an event before " + name).isNotNull();
        if (event.getEventName().equals(name)) {
          return event;
        }
      }
    }
  }

  @Test
  void eslClient_aCallFromItsOfferToItsEnd_everythingIsUnderstood() throws Exception {
    try (ScriptedSwitch server = ScriptedSwitch.start(SwitchOptions.defaults());
        SoftPhone phone = SoftPhone.create()) {
      Client client = new Client();
      Noting noting = new Noting();
      client.connect("127.0.0.1", server.eventSocket().getPort(), "ClueCon", 20);
      client.addEventListener(noting);
      assertThat(client.setEventSubscriptions("plain", "ALL").isOk()).isTrue();

      var call =
          phone.call(CallOptions.to(server.uri("park")).from("1234").header("X-A", "ä 1").build());
      EslEvent parked = noting.await("CHANNEL_PARK");
      String uuid = parked.getEventHeaders().get("Unique-ID");
      assertThat(parked.getEventHeaders())
          .containsEntry("Caller-Caller-ID-Number", "1234")
          .containsEntry("variable_sip_h_X-A", "ä 1");

      EslMessage exists = client.sendSyncApiCommand("uuid_exists", uuid);
      assertThat(exists.getBodyLines()).containsExactly("true");
      String job = client.sendAsyncApiCommand("uuid_answer", uuid);
      EslEvent result = noting.jobs.poll(20, TimeUnit.SECONDS);
      assertThat(result).isNotNull();
      assertThat(result.getEventHeaders()).containsEntry("Job-UUID", job);
      assertThat(result.getEventBodyLines()).containsExactly("+OK");
      noting.await("CHANNEL_ANSWER");
      call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);

      call.hangup();
      EslEvent over = noting.await("CHANNEL_HANGUP_COMPLETE");
      assertThat(over.getEventHeaders()).containsEntry("variable_hangup_cause_q850", "16");
      assertThat(client.sendSyncApiCommand("uuid_kill", uuid).getBodyLines())
          .containsExactly("-ERR No such channel!");
      assertThat(client.close().getReplyText()).isEqualTo("+OK bye");
    }
  }
}
