package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent.Field;

/** As many events as FreeSWITCH can send, with commands between them. */
final class ManyEventsTest {

  private static final int EVENTS = 50_000;
  private static final int HEADERS = 60;

  private static final String SEQUENCE = "Event-Sequence: ";

  /** The headers behind the sequence number, of the size that channel events have. */
  private static String channelHeaders() {
    List<Field> headers = new ArrayList<>();
    for (int i = 0; i < HEADERS; i++) {
      headers.add(new Field("variable_sip_h_X-Field-" + i, "<sip:some body@192.0.2." + i + ">"));
    }
    return Wire.plain(headers, "");
  }

  private static byte[] event(int number, String headers) {
    String inside = "Event-Name: CHANNEL_EXECUTE\n" + SEQUENCE + number + "\n" + headers;
    String outside = "Content-Length: " + inside.length() + "\nContent-Type: text/event-plain\n\n";
    return (outside + inside).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void fiftyThousandEvents_atFullSpeed_areHeardInOrder() throws InterruptedException {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger astray = new AtomicInteger();
    CountDownLatch all = new CountDownLatch(1);
    try (Connected to = new Connected();
        RawSwitch busy = new RawSwitch()) {
      SwitchConnection connection =
          to.open(
              busy.address(),
              Connected.PATIENT,
              new SwitchConnection.Listener() {
                @Override
                public void up() {}

                @Override
                public void lost(String why) {
                  astray.incrementAndGet();
                }

                @Override
                public void event(SwitchEvent event) {
                  String number = event.header("Event-Sequence").orElse("");
                  if (!number.equals("" + next.getAndIncrement())) {
                    astray.incrementAndGet();
                  }
                  if (next.get() == EVENTS) {
                    all.countDown();
                  }
                }
              });
      RawSwitch.Visit visit = busy.acceptAndSetUp();
      while (!connection.isUp()) {
        Thread.sleep(1);
      }
      List<CompletionStage<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        replies.add(connection.api(ApiCommand.of("uuid_exists", "call-" + i)));
      }
      for (int i = 0; i < 100; i++) {
        // What is answered before it is asked is no event socket.
        visit.expect("api uuid_exists call-" + i);
      }
      String headers = channelHeaders();
      long bytes = 0;
      long begun = System.nanoTime();
      for (int i = 0; i < EVENTS; i++) {
        byte[] event = event(i, headers);
        bytes += event.length;
        visit.say(event);
        if (i % (EVENTS / 100) == 0) {
          visit.say(Wire.apiResponse("+OK " + i / (EVENTS / 100)));
        }
      }
      assertThat(all.await(60, TimeUnit.SECONDS)).as("all events within a minute").isTrue();
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertThat(astray).hasValue(0);
      for (int i = 0; i < 100; i++) {
        assertThat(Connected.get(replies.get(i)).text()).isEqualTo("" + i);
      }
      System.out.printf(
          "event socket: %,d events of %,d bytes a second, sender included%n",
          (long) (EVENTS / seconds), bytes / EVENTS);
    }
  }
}
