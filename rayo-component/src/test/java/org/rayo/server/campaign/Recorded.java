package org.rayo.server.campaign;

import java.util.concurrent.TimeUnit;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/**
 * A call that is being recorded.
 *
 * @param address of the call
 * @param component of the recording
 */
record Recorded(RayoClient client, PhoneCall call, String address, String component) {

  /** Calls, is answered by this client, and is recorded from then on. */
  static Recorded begin(
      CampaignSite site, SoftPhone phone, RayoClient client, String user, String format)
      throws Exception {
    PhoneCall call =
        phone.call(
            CallOptions.to(site.sipUri().orElseThrow())
                .from(user)
                .audio(AudioSource.tone(440, -10, 600_000))
                .build());
    String address =
        client
            .await(
                "the offer of " + user,
                s -> s.isEvent("offer") && s.xml().contains(":" + user + "@"))
            .from();
    client.command(address, "<answer xmlns='urn:xmpp:rayo:1'/>");
    call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
    String component = client.command(address, command(format)).ref();
    return new Recorded(client, call, address, component);
  }

  static String command(String format) {
    return "<record xmlns='urn:xmpp:rayo:record:1' direction='send' start-beep='false' format='%s'/>"
        .formatted(format);
  }

  /** Waits until the caller has said so much more. */
  void talk(int millis) throws InterruptedException {
    long until = call.packetsSent() + millis / Take.MILLIS_PER_PACKET;
    while (call.packetsSent() < until) {
      TimeUnit.MILLISECONDS.sleep(Take.MILLIS_PER_PACKET);
    }
  }

  /** Stops the recording and waits for its end. */
  Received stop() {
    client.command(component, "<stop xmlns='urn:xmpp:rayo:ext:1'/>");
    return client.awaitEvent(component, "complete");
  }

  /** How often its end was told. */
  long completes() {
    return client.received().stream()
        .filter(s -> s.isEvent("complete") && s.from().equals(component))
        .count();
  }
}
