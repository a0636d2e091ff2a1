package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.protocol.XepExamples;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.peers.Prosody;
import org.rayo.testkit.peers.Python;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/**
 * Whole calls controlled by a client that shares no code with us: a script on Python's slixmpp, by
 * way of a real Prosody. It checks every answer; what is said on the wire is in its failure.
 */
@RequiresPeer({"prosody", "slixmpp"})
class SlixmppTest {

  private static final double WHISTLE_HZ = 700;

  @TempDir Path directory;

  @Test
  void calls_inAndOut_areControlledByAnotherMakersClient() throws Exception {
    Path sounds = Files.createDirectories(directory.resolve("sounds"));
    Path sound = sounds.resolve("short.wav");
    WavFile.write(sound, new Decoded(new short[][] {new short[1600]}, 8000));
    Path script = directory.resolve("whole_calls.py");
    try (var in = SlixmppTest.class.getResourceAsStream("/slixmpp/whole_calls.py")) {
      Files.copy(in, script);
    }
    Prosody prosody =
        Prosody.start(directory.resolve("prosody"), XmppServerOptions.withAccounts(Site.ACCOUNTS));
    try (Site site =
            Site.on(
                prosody,
                directory,
                "rayo.record.dialect = xep-0327",
                "rayo.media.output.directories = [\"" + sounds + "\"]");
        SoftPhone called = SoftPhone.answering(Answering.atOnce());
        Terminal client =
            Terminal.open(
                directory,
                Map.of(),
                List.of(
                    Python.withSlixmpp().toString(),
                    script.toString(),
                    "--host=127.0.0.1",
                    "--port=" + prosody.clientPort(),
                    "--jid=romeo@" + prosody.domain() + "/slixmpp",
                    "--password=" + Site.ACCOUNTS.get("romeo"),
                    "--server=" + site.component(),
                    "--sound=" + sound.toUri(),
                    "--dial=" + called.uri("callee")))) {
      client.expect("CALL");
      saysThatItIsAClient(site.client("juliet", "asks"), "romeo@" + prosody.domain() + "/slixmpp");
      PhoneCall call =
          site.ring(
              "caller",
              options ->
                  options
                      .telephoneEvent(true)
                      .audio(AudioSource.tone(WHISTLE_HZ, -12, 10_000).loop()));
      client.expect("PRESS");
      for (char key : "42#".toCharArray()) {
        await(call.press(key));
      }
      String[] recorded = client.expect("RECORDED …").split(" ", -1);
      Decoded heard = WavFile.read(Path.of(recorded[1])).audio();
      assertThat(heard.durationMillis()).isEqualTo(Long.parseLong(recorded[2]));
      assertThat(ToneMeter.levelAt(heard.channel(0), heard.sampleRateHz(), WHISTLE_HZ))
          .isGreaterThan(-20);
      await(call.ended());
      assertThat(client.exit()).as("%s", client).isZero();
      client.expect("DONE");
      assertThat(called.incoming()).hasSize(1);
    }
  }

  /** The XEP's last examples of support: a client is asked what it is. */
  private static void saysThatItIsAClient(RayoClient asking, String asked) throws Exception {
    XepExamples.require();
    Element query =
        DocumentHelper.parseText(XepExamples.text("xep-0327-support-03")).getRootElement();
    Element answer =
        DocumentHelper.parseText(XepExamples.text("xep-0327-support-04")).getRootElement();
    Received info = asking.await(asking.sendIq(IQ.Type.get, asked, query.element("query").asXML()));
    assertThat(info.type()).isEqualTo(answer.attributeValue("type"));
    for (Element feature : answer.element("query").elements("feature")) {
      assertThat(info.xml()).contains(feature.attributeValue("var"));
    }
  }
}
