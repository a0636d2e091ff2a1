package org.rayo.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.HostileSite.BAD_REQUEST;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.Received;

/**
 * A client that has the server read what it may not: other people's servers, files outside the
 * sounds, and sounds that are bombs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileOutputTest {

  /** What the server answers when it cannot tell whose fault it was. */
  private static final String FAILED = "internal-server-error/wait";

  private Path directory;
  private Path sounds;
  private HostileSite hostile;

  /** May not be reached; counts who tries. */
  private HostileWeb inner;

  /** May be reached, and leads elsewhere. */
  private HostileWeb open;

  @BeforeAll
  void start(@TempDir Path scratch) throws Exception {
    directory = scratch;
    sounds = Files.createDirectories(scratch.resolve("sounds"));
    inner = new HostileWeb(new InetSocketAddress(0).getAddress());
    open = new HostileWeb(InetAddress.getByName("127.0.0.2"));
    hostile =
        new HostileSite(
            scratch,
            "rayo.media.output {",
            "  directories = [\"" + sounds + "\"]",
            "  allowed-addresses = [\"127.0.0.2\"]",
            "  max-file-size = 1 MiB",
            "  connect-timeout = 500ms",
            "  fetch-timeout = 1s",
            "}");
  }

  @AfterEach
  void callGoesOn() {
    hostile.callGoesOn();
    hostile.nothingIsLeftOver();
    hostile.serverIsSound();
    assertThat(inner.taken()).isZero();
  }

  @AfterAll
  void close() throws IOException {
    if (hostile != null) {
      hostile.close();
    }
    inner.close();
    open.close();
    Files.deleteIfExists(sounds.resolve("zero.wav"));
  }

  private static String output(String documents) {
    return "<output xmlns='urn:xmpp:rayo:output:1'>" + documents + "</output>";
  }

  private static String url(String url) {
    return "<document url='"
        + url.replace("&", "&amp;").replace("\r", "&#13;").replace("\n", "&#10;")
        + "'/>";
  }

  private static String document(String type, String text) {
    return "<document content-type='" + type + "'><![CDATA[" + text + "]]></document>";
  }

  private Received refused(String documents, String... errors) {
    return hostile.refused(output(documents), errors);
  }

  /** Hosts that are this machine, its neighbours, or whatever else is nobody's business. */
  private List<String> innerHosts() throws UnknownHostException {
    List<String> hosts =
        new ArrayList<>(
            List.of(
                "127.0.0.1",
                "127.1",
                "127.8.9.10",
                "0.0.0.0",
                "0",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "017700000001",
                "localhost",
                "LOCALHOST",
                "localhost.",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::127.0.0.1]",
                "[0:0:0:0:0:ffff:7f00:0001]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b::10.0.0.1]",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "[::ffff:169.254.169.254]",
                "100.64.0.1",
                "198.18.0.1",
                "192.0.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "[fe80::1]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[ff02::1]",
                "[2002:7f00:1::]",
                "[2001::1]",
                "1.2.3.4.5",
                "127.0.0.1%00",
                "127%2e0%2e0%2e1",
                "ⓛocalhost",
                "127。0。0。1"));
    InetAddress own = InetAddress.getLocalHost();
    if (own.isLoopbackAddress() || own.isSiteLocalAddress()) {
      hosts.add(own.getHostName()); // a name of the DNS, or of /etc/hosts, that leads inside
    }
    return hosts;
  }

  @Test
  void url_intoThePrivateNetwork_isRefusedAndNobodyIsAsked() throws Exception {
    for (String host : innerHosts()) {
      refused(url("http://" + host + ":" + inner.port() + "/a.wav"), BAD_REQUEST, FAILED);
    }
    String address = "127.0.0.1:" + inner.port();
    for (String written :
        List.of(
            "https://" + address + "/a.wav",
            "HTTP://" + address + "/a.wav",
            "http://example.org@" + address + "/a.wav",
            "http://user:secret@" + address + "/a.wav",
            "http://" + address + "#@example.org/a.wav",
            "http://" + address + "\\@example.org/a.wav",
            "http://" + address + "?.wav",
            "http:///" + address + "/a.wav",
            "http:" + address + "/a.wav",
            "http://127.0.0.1:0/a.wav",
            "http://127.0.0.1:99999/a.wav",
            "http://127.0.0.1:-1/a.wav",
            "http://" + address + "/a.wav\r\nX-Evil: 1",
            "//" + address + "/a.wav",
            "ftp://" + address + "/a.wav",
            "gopher://" + address + "/_GET",
            "jar:http://" + address + "/a.jar!/a.wav",
            "data:audio/wav;base64,AAAA",
            "classpath:/a.wav",
            "|touch /tmp/x",
            "-",
            "")) {
      refused(url(written), BAD_REQUEST);
    }
  }

  @Test
  void address_inEveryOtherPlaceOfAnOutput_isRefusedToo() {
    String secret = "http://127.0.0.1:" + inner.port() + "/a.wav";
    String ssml = "<speak><audio src='" + secret + "'/></speak>";
    refused(document("text/uri-list", "# sounds\n" + secret + "\n"), BAD_REQUEST);
    refused(document("application/ssml+xml", ssml), BAD_REQUEST);
    hostile.refused(
        "<prompt xmlns='urn:xmpp:rayo:prompt:1'>"
            + output(url(secret))
            + "<input xmlns='urn:xmpp:rayo:input:1'><grammar url='builtin:dtmf/digits'/></input>"
            + "</prompt>",
        BAD_REQUEST);
    // Of an alternative that can be had, the client hears nothing of what could not.
    String silence = "<speak><audio src='" + secret + "'><break time='20ms'/></audio></speak>";
    String played = hostile.begun(output(document("application/ssml+xml", silence)));
    assertThat(hostile.client.awaitEvent(played, "complete").reason()).isEqualTo("finish");
  }

  @Test
  void redirect_intoThePrivateNetwork_isRefusedAndNobodyIsAsked() {
    String port = ":" + inner.port();
    for (String location :
        List.of(
            "http://127.0.0.1" + port + "/a.wav",
            "//127.0.0.1" + port + "/a.wav",
            "http://localhost" + port + "/",
            "http://[::1]" + port + "/",
            "http://[::ffff:127.0.0.1]" + port + "/",
            "http://2130706433" + port + "/",
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/",
            "file:///etc/passwd",
            "file:" + sounds.resolve("good.wav"),
            "https://127.0.0.1" + port + "/",
            "/loop",
            "",
            "http://",
            ":::")) {
      open.redirectTo(location);
      refused(url(open.url("/redirect")), BAD_REQUEST, FAILED);
    }
    assertThat(open.taken()).isPositive();
  }

  @Test
  void server_thatNeverEnds_isGivenUpInTime() {
    for (String path : List.of("/silent", "/headers", "/line", "/endless", "/chunks", "/drip")) {
      refused(url(open.url(path)), BAD_REQUEST, FAILED);
    }
    for (String path : List.of("/huge-length", "/negative-length", "/huge-chunk", "/noise")) {
      refused(url(open.url(path)), BAD_REQUEST, FAILED);
    }
  }

  @Test
  void file_outsideOfTheDirectories_isRefusedWhateverItsNameLooksLike() throws Exception {
    Path secret = directory.resolve("secret.wav");
    WavFile.write(secret, new Decoded(new short[][] {new short[800]}, 8000));
    Path good = Files.copy(secret, sounds.resolve("good.wav"));
    Path sibling = Files.createDirectories(directory.resolve("sounds-of-others"));
    Files.copy(secret, sibling.resolve("a.wav"));
    Files.createSymbolicLink(sounds.resolve("link.wav"), secret);
    Files.createSymbolicLink(sounds.resolve("relative.wav"), Path.of("../secret.wav"));
    Files.createSymbolicLink(sounds.resolve("up"), directory);
    Files.createSymbolicLink(sounds.resolve("zero.wav"), Path.of("/dev/zero"));
    Files.createSymbolicLink(sounds.resolve("self.wav"), sounds.resolve("self.wav"));
    String below = "file://" + sounds;
    for (String written :
        List.of(
            "file://" + secret,
            "file:" + secret,
            "FILE://localhost" + secret,
            "file://elsewhere" + good,
            "file:////" + secret,
            below + "/../secret.wav",
            below + "/./../secret.wav",
            below + "/%2e%2e/secret.wav",
            below + "/..%2fsecret.wav",
            below + "/%2e%2e%2fsecret.wav",
            below + "/%252e%252e/secret.wav",
            below + "/..;/secret.wav",
            below + "/..\\secret.wav",
            below + "/link.wav",
            below + "/relative.wav",
            below + "/up/secret.wav",
            below + "/up/sounds-of-others/a.wav",
            below + "-of-others/a.wav",
            below + "/zero.wav",
            below + "/self.wav",
            below + "/good.wav/../../secret.wav",
            below + "/good.wav%00.mp3",
            below + "/good.wav?x",
            below + "/good.wav#x",
            below + "/" + "a".repeat(5000) + ".wav",
            below,
            below + "/",
            "file:good.wav",
            "file:///etc/passwd",
            "file:///proc/self/environ",
            "file:///dev/zero",
            "file:///")) {
      refused(url(written), BAD_REQUEST);
    }
    // Nobody learns from a refusal what there is.
    String there = refused(url("file://" + secret), BAD_REQUEST).errorText();
    String notThere = refused(url("file://" + secret + "x"), BAD_REQUEST).errorText();
    assertThat(notThere.replace("wavx", "wav")).isEqualTo(there);
    // And what may be played is.
    String played = hostile.begun(output(url(below + "/good.wav")));
    assertThat(hostile.client.awaitEvent(played, "complete").reason()).isEqualTo("finish");
  }

  /** A sampling rate that makes hours of little, and headers that promise the world. */
  @Test
  void sound_thatIsABomb_isRefused() throws IOException {
    Files.write(sounds.resolve("slow.wav"), wav(1000, 1, 8, 900_000));
    Files.write(sounds.resolve("rate-0.wav"), wav(0, 1, 8, 1000));
    Files.write(sounds.resolve("rate-1.wav"), wav(1, 1, 8, 1000));
    Files.write(sounds.resolve("rate-max.wav"), wav(-1, 1, 16, 1000));
    Files.write(sounds.resolve("channels.wav"), wav(8000, 65535, 16, 1000));
    Files.write(sounds.resolve("bits.wav"), wav(8000, 1, 7, 1000));
    Files.write(sounds.resolve("larger.wav"), wav(8000, 1, 16, 1 << 20));
    Random random = new Random(5);
    byte[] noise = new byte[200_000];
    random.nextBytes(noise);
    Files.write(sounds.resolve("noise.wav"), noise);
    Files.write(sounds.resolve("empty.wav"), new byte[0]);
    Files.write(
        sounds.resolve("riff.wav"), "RIFF\u00ff\u00ff\u00ff\u00ffWAVE".getBytes(ISO_8859_1));
    Files.write(sounds.resolve("ogg.wav"), headed("OggS", noise));
    for (String name :
        List.of(
            "slow",
            "rate-0",
            "rate-1",
            "rate-max",
            "channels",
            "bits",
            "larger",
            "noise",
            "empty",
            "riff",
            "ogg")) {
      refused(url("file://" + sounds + "/" + name + ".wav"), BAD_REQUEST);
    }
  }

  private static byte[] headed(String head, byte[] body) {
    byte[] whole = body.clone();
    System.arraycopy(head.getBytes(ISO_8859_1), 0, whole, 0, head.length());
    return whole;
  }

  private static byte[] wav(int rateHz, int channels, int bits, int bytes) {
    ByteBuffer wav = ByteBuffer.allocate(44 + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(ISO_8859_1)).putInt(36 + bytes).put("WAVEfmt ".getBytes(ISO_8859_1));
    wav.putInt(16).putShort((short) 1).putShort((short) channels).putInt(rateHz).putInt(rateHz);
    wav.putShort((short) 1).putShort((short) bits).put("data".getBytes(ISO_8859_1)).putInt(bytes);
    return wav.array();
  }
}
