package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.RECORD;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;

/**
 * Text from a client through a call to its other side, which here is a call of the same server: as
 * a SIP MESSAGE in its dialog, and out of that again.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TextMessagesTest {

  private Site site;
  private RayoClient romeo;
  private RayoClient juliet;
  private String dialled;
  private String offered;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    site = Site.embedded(directory);
    romeo = site.availableClient("romeo", "balcony");
    juliet = site.client("juliet", "chamber");
    dialled =
        expectResult(
                romeo.command(
                    site.component(),
                    "<dial xmlns='urn:xmpp:rayo:1' to='"
                        + site.sipUri()
                        + "' from='sip:writer@example.org'/>"))
            .ref();
    offered = site.offer(romeo, "writer").from();
  }

  @AfterAll
  void close() {
    if (site != null) {
      site.close();
    }
  }

  private static void says(RayoClient client, String id, String to, String attributes, String xml) {
    client.sendText(
        "<message id='" + id + "' to='" + to + "' " + attributes + ">" + xml + "</message>");
  }

  private static Received message(RayoClient client, Predicate<Received> wanted) {
    return client.await(
        "a message", s -> s.stanza().getLocalName().equals("message") && wanted.test(s));
  }

  private static String error(RayoClient client, String id) {
    return message(client, s -> s.id().equals(id) && s.type().equals("error")).error();
  }

  private static Received from(RayoClient client, String call) {
    return message(client, s -> s.from().equals(call) && !s.type().equals("error"));
  }

  @Test
  void messages_ofBothSides_arriveAndWhatCannotIsRefused() {
    says(romeo, "early", dialled, "", "<body>x</body>");
    assertThat(error(romeo, "early")).isEqualTo("unexpected-request/wait");
    expectResult(romeo.command(offered, ANSWER));
    romeo.awaitEvent(dialled, "answered");

    String text = "Art thou not Romeo,\nand a <Montague>? \u20ac";
    says(
        romeo, "there", dialled, "type='normal'", "<body>" + text.replace("<", "&lt;") + "</body>");
    Received there = from(romeo, offered);
    assertThat(there.type()).isIn("normal", "");
    assertThat(there.child("body").orElseThrow().getTextContent()).isEqualTo(text);
    says(romeo, "back", offered, "", "<subject>s</subject><body>Neither, fair saint.</body>");
    assertThat(from(romeo, dialled).child("body").orElseThrow().getTextContent())
        .isEqualTo("Neither, fair saint.");

    String recording = expectResult(romeo.command(offered, RECORD)).ref();
    says(romeo, "component", recording, "", "<body>x</body>");
    assertThat(error(romeo, "component")).isEqualTo("feature-not-implemented/cancel");
    says(romeo, "chat", dialled, "type='chat'", "<body>x</body>");
    assertThat(error(romeo, "chat")).isEqualTo("feature-not-implemented/modify");
    says(romeo, "long", dialled, "", "<body>" + "x".repeat(8193) + "</body>");
    assertThat(error(romeo, "long")).isEqualTo("bad-request/modify");
    says(juliet, "stranger", dialled, "", "<body>x</body>");
    assertThat(error(juliet, "stranger")).isEqualTo("not-allowed/cancel");
    says(juliet, "nowhere", "nowhere@" + site.component(), "", "<body>x</body>");
    assertThat(error(juliet, "nowhere")).isEqualTo("item-not-found/cancel");

    expectResult(romeo.command(dialled, HANGUP));
    romeo.awaitEvent(dialled, "end");
    says(romeo, "late", dialled, "", "<body>x</body>");
    assertThat(error(romeo, "late")).isEqualTo("item-not-found/cancel");
  }
}
