package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ACCEPT;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.peers.Prosody;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.Sipp;
import org.rayo.testkit.peers.SippCall;
import org.rayo.testkit.peers.XmppServerOptions;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/**
 * What an office does with the server in a day, on a real Prosody, with callers by SIPp and phones,
 * and three clients: the reception takes calls and puts them through, the sales client has a
 * conference, and the night shift takes over from the reception. Everybody has a tone of his own,
 * and whoever is to be heard, and is not to be, is found by it.
 */
@RequiresPeer({"prosody", "sipp"})
class DayAtTheOfficeTest {

  private static final double CUSTOMER = 420;
  private static final double AGENT = 610;
  private static final double SUPPLIER = 910;
  private static final double BOSS = 1370;
  private static final double BRANCH = 1790;
  private static final double GONG = 2350;
  private static final double LEVEL_DBFS = -20;
  private static final double HEARD_DBFS = -26;
  private static final double NOT_HEARD_DBFS = -45;
  private static final int RATE = 8000;
  private static final Duration LONG_CALL = Duration.ofMinutes(3);

  private Site site;
  private Path directory;
  private RayoClient reception;
  private RayoClient sales;
  private RayoClient night;
  private SoftPhone agents;
  private final List<Sipp> sippCallers = new ArrayList<>();

  @BeforeEach
  void open(@TempDir Path temporary) throws Exception {
    directory = temporary;
    Path sounds = Files.createDirectories(directory.resolve("recordings"));
    site =
        Site.on(
            Prosody.start(
                directory.resolve("prosody"), XmppServerOptions.withAccounts(Site.ACCOUNTS)),
            directory,
            "rayo.control.security-zone = domain",
            "rayo.media.output.directories = [\"" + sounds + "\"]",
            "rayo.offers.rules = ["
                + "{ to = \"sip:reception*\", clients = [\"romeo@*/reception\"] },"
                + "{ to = \"sip:sales*\", clients = [\"juliet@*\"] }]");
    agents = SoftPhone.answering(Answering.atOnce().saying(tone(AGENT)));
    reception = site.availableClient("romeo", "reception");
    sales = site.availableClient("juliet", "sales");
    night = site.availableClient("romeo", "night");
  }

  @AfterEach
  void close() {
    sippCallers.forEach(Sipp::close);
    if (agents != null) {
      agents.close();
    }
    if (site != null) {
      site.close();
    }
  }

  private static AudioSource tone(double hertz) {
    // A whole number of periods.
    return AudioSource.tone(hertz, LEVEL_DBFS, 1000).loop();
  }

  /** A call by a phone to a service, that says its tone; who takes it is told. */
  private Site.Answered phone(RayoClient client, String service, double hertz) throws Exception {
    PhoneCall call =
        site.phone.call(
            CallOptions.to(site.sipUri().replace("service", service))
                .from(service + "-caller")
                .telephoneEvent(true)
                .audio(tone(hertz))
                .build());
    Received offer = site.offer(client, service);
    expectResult(client.command(offer.from(), ACCEPT));
    await(call.ringing());
    expectResult(client.command(offer.from(), ANSWER));
    await(call.answered());
    return new Site.Answered(call, offer.from());
  }

  /** A call by SIPp, which says its tone until it is hung up; gives the call's address. */
  private String sipp(RayoClient client, String service, double hertz) throws Exception {
    AudioSource once = AudioSource.tone(hertz, LEVEL_DBFS, 1000);
    long samples = LONG_CALL.toSeconds() * RATE;
    AudioSource audio = AudioSource.of(samples, i -> once.sample(i % once.samples()));
    Sipp sipp =
        Sipp.start(
            Files.createDirectories(directory.resolve("sipp-" + service)),
            SippCall.to("127.0.0.1", site.server().sipPort(), audio)
                .user(service)
                .ending(SippCall.Ending.CALLEE_HANGS_UP));
    sippCallers.add(sipp);
    Received offer = site.offer(client, service);
    expectResult(client.command(offer.from(), ANSWER));
    return offer.from();
  }

  private static String join(String call) {
    return "<join xmlns='urn:xmpp:rayo:1' call-uri='xmpp:" + call + "'/>";
  }

  private static final String MEET = "<join xmlns='urn:xmpp:rayo:1' mixer-name='meeting'/>";

  /** Waits until a phone hears these tones and none of the others, its own above all. */
  private static void hears(String who, PhoneCall phone, double... tones) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String last = "";
    while (System.nanoTime() - deadline < 0) {
      short[] all = phone.heard();
      short[] now = Arrays.copyOfRange(all, Math.max(0, all.length - RATE / 2), all.length);
      last = levels(now);
      if (now.length == RATE / 2 && isOf(now, tones)) {
        return;
      }
      Thread.sleep(50);
    }
    throw new AssertionError(who + " should hear " + Arrays.toString(tones) + ": " + last);
  }

  private static boolean isOf(short[] pcm, double... tones) {
    for (double hertz : List.of(CUSTOMER, AGENT, SUPPLIER, BOSS, BRANCH, GONG)) {
      double level = level(pcm, hertz);
      boolean wanted = Arrays.stream(tones).anyMatch(tone -> tone == hertz);
      if (wanted ? level < HEARD_DBFS : level > NOT_HEARD_DBFS) {
        return false;
      }
    }
    return true;
  }

  /**
   * The level of a tone. While two clocks find together, a frame has a sample more or fewer, and a
   * tone is off by as much.
   */
  private static double level(short[] pcm, double hertz) {
    double aSample = hertz / 160;
    return Math.max(
        ToneMeter.levelAt(pcm, RATE, hertz),
        Math.max(
            ToneMeter.levelAt(pcm, RATE, hertz - aSample),
            ToneMeter.levelAt(pcm, RATE, hertz + aSample)));
  }

  private static String levels(short[] pcm) {
    StringBuilder levels = new StringBuilder();
    for (double hertz : List.of(CUSTOMER, AGENT, SUPPLIER, BOSS, BRANCH, GONG)) {
      levels.append(String.format("%.0f Hz %.0f dB; ", hertz, level(pcm, hertz)));
    }
    return levels.toString();
  }

  /** Asserts that some half second of a recording has these tones and no others. */
  private static void has(String what, Decoded audio, double... tones) {
    short[] pcm = audio.channel(0);
    StringBuilder seen = new StringBuilder();
    for (int at = 0; at + RATE / 2 <= pcm.length; at += RATE / 8) {
      short[] piece = Arrays.copyOfRange(pcm, at, at + RATE / 2);
      if (isOf(piece, tones)) {
        return;
      }
      seen.append('\n').append(at * 1000 / RATE).append(" ms: ").append(levels(piece));
    }
    throw new AssertionError(what + " should have " + Arrays.toString(tones) + ":" + seen);
  }

  private static Decoded recorded(RayoClient client, String component) throws Exception {
    Received complete = client.awaitEvent(component, "complete");
    Received.RecordingFacts facts = complete.recording().orElseThrow();
    Decoded audio = Site.decode(facts);
    assertThat(audio.durationMillis()).isEqualTo(facts.durationMillis());
    assertThat(Files.size(Site.file(facts))).isEqualTo(facts.sizeBytes());
    return audio;
  }

  private static String record(RayoClient client, String party, String attributes) {
    return expectResult(
            client.command(
                party, Site.recordCommand("format='wav' start-beep='false' " + attributes)))
        .ref();
  }

  /** The events of a call or mixer and its components that a client got, in order. */
  private static List<String> events(RayoClient client, String party) {
    return Site.of(client, party).stream()
        .filter(s -> s.stanza().getLocalName().equals("presence"))
        .sorted(Comparator.comparingInt(Received::number))
        .map(DayAtTheOfficeTest::name)
        .toList();
  }

  private static String name(Received presence) {
    for (String name : List.of("offer", "joined", "unjoined", "complete", "end", "answered")) {
      if (presence.isEvent(name)) {
        return name;
      }
    }
    return presence.type().isEmpty() ? "available" : presence.type();
  }

  @Test
  void day_fromTheFirstCallToTheNight_goesAsItShould() throws Exception {
    // A customer rings, chooses by a key, and is put through to an agent who is called for it.
    Site.Answered customer = phone(reception, "reception", CUSTOMER);
    assertThat(sales.received()).noneMatch(s -> s.isEvent("offer"));
    String prompt =
        expectResult(
                reception.command(
                    customer.address(),
                    "<prompt xmlns='urn:xmpp:rayo:prompt:1' barge-in='true'>"
                        + "<output xmlns='urn:xmpp:rayo:output:1' repeat-times='0'><document url='"
                        + gong()
                        + "'/></output><input xmlns='urn:xmpp:rayo:input:1' mode='dtmf'"
                        + " initial-timeout='10000'>"
                        + "<grammar url='builtin:dtmf/digits?length=1'/></input></prompt>"))
            .ref();
    hears("the customer", customer.call(), GONG);
    await(customer.call().press('2'));
    Received chosen = reception.awaitEvent(prompt, "complete");
    assertThat(chosen.reason()).isEqualTo("match");
    assertThat(chosen.xml()).contains("2");
    String both = record(reception, customer.address(), "direction='duplex' mix='true'");
    String agent =
        expectResult(
                reception.command(
                    site.component(),
                    "<dial xmlns='urn:xmpp:rayo:1' to='"
                        + agents.uri("agent")
                        + "' from='sip:office@example.org'><join call-uri='xmpp:"
                        + customer.address()
                        + "'/></dial>"))
            .ref();
    reception.awaitEvent(agent, "answered");
    reception.awaitEvent(agent, "joined");
    reception.awaitEvent(customer.address(), "joined");
    PhoneCall agentsPhone = agents.incoming().poll(10, TimeUnit.SECONDS);
    assertThat(agentsPhone).isNotNull();
    hears("the customer", customer.call(), AGENT);
    hears("the agent", agentsPhone, CUSTOMER);

    // Somebody else's clients of this office have nothing to say in it.
    assertThat(sales.command(customer.address(), HANGUP).error()).isEqualTo("conflict/cancel");

    // The reception goes home: the night shift takes its calls over, with the recording.
    site.logOut(reception);
    String unjoin = "<unjoin xmlns='urn:xmpp:rayo:1' call-uri='xmpp:" + customer.address() + "'/>";
    awaitControl(night, agent, unjoin);
    night.awaitEvent(agent, "unjoined");
    hears("the customer", customer.call());
    hears("the agent", agentsPhone);
    awaitControl(night, customer.address(), join(agent));
    night.awaitEvent(customer.address(), "joined");
    hears("the customer", customer.call(), AGENT);
    expectResult(night.command(both, Site.STOP));
    has("the first call", recorded(night, both), CUSTOMER, AGENT);

    // The sales client has a conference of five.
    String supplier = sipp(sales, "sales-supplier", SUPPLIER);
    String boss = sipp(sales, "sales-boss", BOSS);
    Site.Answered branch = phone(sales, "sales-branch", BRANCH);
    String supplierHears = record(sales, supplier, "direction='recv'");
    String bossHears = record(sales, boss, "direction='recv'");
    expectResult(night.command(agent, "<unjoin xmlns='urn:xmpp:rayo:1'/>"));
    String meeting = expectResult(sales.command(supplier, MEET)).ref();
    assertThat(meeting).isEqualTo("meeting@" + site.component());
    String minutes = record(sales, meeting, "");
    String voices =
        expectResult(
                sales.command(
                    meeting,
                    Site.recordCommand(
                        "format='wav' start-beep='false'",
                        "channels=participants",
                        "participant-channels=5")))
            .ref();
    expectResult(sales.command(boss, MEET));
    expectResult(sales.command(branch.address(), MEET));
    expectResult(night.command(agent, MEET));
    expectResult(night.command(customer.address(), MEET));
    hears("the branch", branch.call(), CUSTOMER, AGENT, SUPPLIER, BOSS);
    hears("the customer", customer.call(), AGENT, SUPPLIER, BOSS, BRANCH);
    hears("the agent", agentsPhone, CUSTOMER, SUPPLIER, BOSS, BRANCH);
    // They talk for a while.
    TimeUnit.MILLISECONDS.sleep(1200);
    String announcement =
        expectResult(
                night.command(
                    meeting,
                    "<output xmlns='urn:xmpp:rayo:output:1'><document url='"
                        + gong()
                        + "'/></output>"))
            .ref();
    hears("the agent", agentsPhone, CUSTOMER, SUPPLIER, BOSS, BRANCH, GONG);
    assertThat(night.awaitEvent(announcement, "complete").reason()).isEqualTo("finish");

    // One after the other leaves; the last one's leaving ends the meeting.
    branch.call().hangup();
    sales.awaitEvent(branch.address(), "end");
    assertThat(events(sales, branch.address())).endsWith("joined", "unjoined", "end");
    hears("the customer", customer.call(), AGENT, SUPPLIER, BOSS);
    hears("the agent", agentsPhone, CUSTOMER, SUPPLIER, BOSS);
    for (String call : List.of(supplier, boss)) {
      expectResult(sales.command(call, HANGUP));
      sales.awaitEvent(call, "end");
      assertThat(events(sales, call)).endsWith("joined", "complete", "unjoined", "end");
    }
    hears("the customer", customer.call(), AGENT);
    expectResult(night.command(agent, HANGUP));
    expectResult(night.command(customer.address(), HANGUP));
    night.awaitEvent(agent, "end");
    night.awaitEvent(customer.address(), "end");
    sales.await("the meeting's end", s -> s.from().equals(meeting) && isUnavailable(s));
    night.await("the meeting's end", s -> s.from().equals(meeting) && isUnavailable(s));
    assertThat(events(sales, meeting))
        .startsWith("available", "joined")
        .containsSubsequence("complete", "complete", "unavailable");

    // Nobody heard himself, and the minutes have everybody.
    has("what the supplier heard", recorded(sales, supplierHears), CUSTOMER, AGENT, BOSS, BRANCH);
    has("what the boss heard", recorded(sales, bossHears), CUSTOMER, AGENT, SUPPLIER, BRANCH);
    Decoded all = recorded(sales, minutes);
    has("the minutes", all, CUSTOMER, AGENT, SUPPLIER, BOSS, BRANCH);
    has("the minutes", all, CUSTOMER, AGENT, SUPPLIER, BOSS, BRANCH, GONG);
    Decoded each = recorded(sales, voices);
    assertThat(each.channels()).hasDimensions(5, each.samples());
    List<Double> order = List.of(SUPPLIER, BOSS, BRANCH, AGENT, CUSTOMER);
    for (int i = 0; i < order.size(); i++) {
      short[] channel = each.channel(i);
      assertThat(ToneMeter.dominant(channel, RATE).orElseThrow().frequencyHz())
          .as("channel %d", i)
          .isBetween(order.get(i) - 2, order.get(i) + 2);
    }
    for (Sipp sipp : sippCallers) {
      assertThat(sipp.await().successful()).isEqualTo(1);
    }
  }

  private static boolean isUnavailable(Received presence) {
    return presence.type().equals("unavailable")
        && presence.child("complete").isEmpty()
        && presence.child("end").isEmpty();
  }

  /** Commands until the server has heard from the XMPP server that the other one is gone. */
  private static void awaitControl(RayoClient client, String call, String command)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    Received answer = client.command(call, command);
    while (answer.error().equals("conflict/cancel") && System.nanoTime() - deadline < 0) {
      Thread.sleep(100);
      answer = client.command(call, command);
    }
    expectResult(answer);
  }

  /** A file of two seconds to be played. */
  private String gong() throws Exception {
    Path file = directory.resolve("recordings").resolve("gong.wav");
    if (!Files.exists(file)) {
      short[] pcm = AudioSource.tone(GONG, LEVEL_DBFS, 2500).toPcm();
      WavFile.write(file, new Decoded(new short[][] {pcm}, RATE));
    }
    return file.toUri().toString();
  }
}
