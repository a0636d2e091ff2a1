package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/**
 * Calls by SIP, rung in and dialled, that three clients of two users join, unjoin, put into mixers,
 * record, play to and hang up at random, while they take each other's place. Whatever happens:
 * every command has one answer, every component one end, every {@code joined} its {@code unjoined},
 * and nothing is said of what is over.
 */
class JoinsAtRandomTest {

  private static final long MILLIS = Long.getLong("rayo.joins-at-random-millis", 3000);

  /** An answer may wait for an ACK that does not come. */
  private static final Duration PATIENCE = Duration.ofSeconds(50);

  private static final int CALLS_AT_ONCE = 12;
  private static final int MIXERS = 3;

  private final long seed = Long.getLong("rayo.joins-at-random-seed", new Random().nextLong());
  private final Random random = new Random(seed);

  /** Of each client the commands that it has sent. */
  private final Map<RayoClient, List<String>> sent = new LinkedHashMap<>();

  /** What they were. */
  private final Map<String, String> commands = new HashMap<>();

  private final Set<String> dials = new LinkedHashSet<>();

  /** The calls that rang in, and the user that they were offered to. */
  private final Map<String, String> calls = new LinkedHashMap<>();

  private final List<PhoneCall> callers = new ArrayList<>();
  private Site site;
  private SoftPhone agents;
  private RayoClient balcony;
  private RayoClient garden;
  private RayoClient chamber;
  private boolean balconyIsThere = true;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    site =
        Site.embedded(
            directory,
            "rayo.shutdown.grace = 60s",
            "rayo.record.clients = [{ jid = \"*\", dialect = xep-0327 }]",
            "rayo.offers.rules = ["
                + "{ to = \"sip:romeo*\", clients = [\"romeo@*/balcony\"] },"
                + "{ to = \"sip:juliet*\", clients = [\"juliet@*\"] }]");
    agents = SoftPhone.answering(Answering.atOnce().saying(AudioSource.tone(500, -20, 200).loop()));
    balcony = site.availableClient("romeo", "balcony");
    garden = site.availableClient("romeo", "garden");
    chamber = site.availableClient("juliet", "chamber");
    for (RayoClient client : List.of(balcony, garden, chamber)) {
      sent.put(client, new ArrayList<>());
    }
  }

  @AfterEach
  void close() {
    agents.close();
    site.close();
  }

  private RayoClient clientOf(String user) {
    return user.equals("juliet") ? chamber : random.nextInt(4) == 0 ? garden : balcony;
  }

  private String send(RayoClient client, String to, String xml) {
    String id = client.sendCommand(to, xml);
    sent.get(client).add(id);
    commands.put(id, xml + " to " + to);
    return id;
  }

  private static <T> T any(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private void ring() {
    String user = random.nextInt(3) == 0 ? "juliet" : "romeo";
    if (user.equals("romeo") && !balconyIsThere) {
      return;
    }
    String caller = "caller" + callers.size();
    callers.add(
        site.phone.call(
            CallOptions.to(site.sipUri().replace("service", user))
                .from(caller)
                .audio(AudioSource.tone(400 + 40 * callers.size() % 1500, -20, 400).loop())
                .build()));
    RayoClient client = user.equals("juliet") ? chamber : balcony;
    String address = site.offer(client, caller).from();
    calls.put(address, user);
    if (random.nextInt(10) > 0) {
      send(client, address, Site.ANSWER);
    }
  }

  private void dial() {
    RayoClient client = any(random, List.of(balcony, garden, chamber));
    String joins =
        join(any(random, List.copyOf(calls.keySet())))
            + "<join mixer-name='m"
            + random.nextInt(MIXERS)
            + "'/>";
    dials.add(
        send(
            client,
            site.component(),
            "<dial xmlns='urn:xmpp:rayo:1' to='"
                + agents.uri("agent")
                + "' from='sip:office@example.org'>"
                + joins
                + "</dial>"));
  }

  private static String join(String call) {
    return "<join xmlns='urn:xmpp:rayo:1' call-uri='xmpp:" + call + "'/>";
  }

  /** The calls that have been dialled so far are calls like others. */
  private void learnDialled() {
    sent.keySet()
        .forEach(
            client ->
                client.received().stream()
                    .filter(s -> dials.contains(s.id()) && s.isResult())
                    .forEach(s -> calls.putIfAbsent(s.ref(), user(client))));
  }

  private static String user(RayoClient client) {
    return client.jid().substring(0, client.jid().indexOf('@'));
  }

  private void step() {
    List<String> all = List.copyOf(calls.keySet());
    // Mostly of those that came last: most of the others are over.
    List<String> up = all.subList(Math.max(0, all.size() - CALLS_AT_ONCE), all.size());
    String call = any(random, up);
    RayoClient client = clientOf(String.valueOf(calls.get(call)));
    String mixer = "m" + random.nextInt(MIXERS);
    String room = mixer + "@" + site.component();
    int dice = random.nextInt(100);
    if (dice < 25) {
      send(client, call, join(any(random, up)));
    } else if (dice < 50) {
      send(client, call, "<join xmlns='urn:xmpp:rayo:1' mixer-name='" + mixer + "'/>");
    } else if (dice < 60) {
      send(client, call, join(any(random, up)).replace("<join", "<unjoin"));
    } else if (dice < 68) {
      send(client, call, "<unjoin xmlns='urn:xmpp:rayo:1' mixer-name='" + mixer + "'/>");
    } else if (dice < 72) {
      send(client, call, "<unjoin xmlns='urn:xmpp:rayo:1'/>");
    } else if (dice < 80) {
      send(client, random.nextBoolean() ? room : call, Site.recordCommand("format='wav'"));
    } else if (dice < 84) {
      send(
          client,
          random.nextBoolean() ? room : call,
          "<input xmlns='urn:xmpp:rayo:input:1' mode='dtmf' initial-timeout='"
              + (1 + random.nextInt(500))
              + "'><grammar url='builtin:dtmf/digits?length=1'/></input>");
    } else if (dice < 87) {
      refs(client).stream()
          .skip(random.nextInt(20))
          .findFirst()
          .ifPresent(component -> send(client, component, Site.STOP));
    } else if (dice < 91) {
      send(client, call, Site.HANGUP);
    } else if (dice < 94) {
      PhoneCall caller = any(random, callers);
      // The phone does not acknowledge an answer that crosses its CANCEL.
      if (caller.answered().toCompletableFuture().isDone()) {
        caller.hangup();
      }
    } else if (dice < 97) {
      dial();
    } else if (balconyIsThere) {
      balcony.unavailable();
      balconyIsThere = false;
    } else {
      balcony.available();
      // Nobody else is offered a call of this user.
      site.settle(balcony);
      balconyIsThere = true;
    }
  }

  /** The components that this client has started. */
  private List<String> refs(RayoClient client) {
    return client.received().stream()
        .filter(s -> s.isResult() && s.child("ref").isPresent() && !dials.contains(s.id()))
        .map(Received::ref)
        .filter(ref -> ref.contains("/"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatever_happens_isInBalance(boolean stopped) throws Exception {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS);
    ring();
    while (System.nanoTime() - end < 0) {
      if (site.server().calls() < CALLS_AT_ONCE) {
        ring();
      }
      learnDialled();
      for (int i = 0; i < 10; i++) {
        step();
      }
      TimeUnit.MILLISECONDS.sleep(random.nextInt(60));
    }
    if (!balconyIsThere) {
      balcony.available();
    }
    for (var of : sent.entrySet()) {
      of.getValue().forEach(id -> answered(of.getKey(), id));
    }
    learnDialled();
    if (stopped) {
      site.server().close();
    } else {
      callers.forEach(PhoneCall::hangup);
      calls.forEach((call, user) -> sent.keySet().forEach(c -> send(c, call, Site.HANGUP)));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (site.server().calls() > 0 && System.nanoTime() - deadline < 0) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      assertThat(site.server().calls()).as("calls up, seed %d", seed).isZero();
      for (var of : sent.entrySet()) {
        of.getValue().forEach(id -> answered(of.getKey(), id));
        site.settle(of.getKey());
      }
      long before = System.nanoTime();
      site.server().close();
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .as("nothing is left to wait for, seed %d", seed)
          .isLessThan(Duration.ofSeconds(30));
    }
    check();
  }

  private void answered(RayoClient client, String id) {
    assertThat(client.await(s -> s.answers(id), PATIENCE))
        .as("the answer to %s of %s, seed %d", commands.get(id), client.jid(), seed)
        .isPresent();
  }

  private void check() {
    for (var of : sent.entrySet()) {
      for (String id : of.getValue()) {
        assertThat(of.getKey().received().stream().filter(s -> s.answers(id)))
            .as("answers to %s of %s, seed %d", id, of.getKey().jid(), seed)
            .hasSize(1);
      }
    }
    Map<String, Integer> joined = new HashMap<>();
    Map<String, Integer> completes = new HashMap<>();
    // What may not have arrived is sent again, with the same id.
    Set<String> seen = new HashSet<>();
    for (RayoClient client : sent.keySet()) {
      Map<String, String> last = new HashMap<>();
      for (Received s : client.received()) {
        boolean again = !s.id().isEmpty() && !seen.add(s.from() + " " + s.id());
        if (s.stanza().getLocalName().equals("presence") && (!again || isEndToAnother(s, last))) {
          see(client, s, joined, completes, last);
        }
      }
      // Whoever is away while another takes its place is told no end of it.
      if (client != balcony) {
        last.forEach(
            (from, what) ->
                assertThat(what)
                    .as("the last of %s to %s, seed %d", from, client.jid(), seed)
                    .isEqualTo(calls.containsKey(from) ? "end" : "unavailable"));
      }
    }
    joined.forEach(
        (what, open) -> assertThat(open).as("%s, seed %d", what, seed).isLessThanOrEqualTo(0));
    for (RayoClient client : sent.keySet()) {
      for (String ref : refs(client)) {
        assertThat(completes.get(ref)).as("completes of %s, seed %d", ref, seed).isEqualTo(1);
      }
    }
  }

  /** Every client has the same end of a call. */
  private static boolean isEndToAnother(Received s, Map<String, String> last) {
    return s.isEvent("end") && !"end".equals(last.get(s.from()));
  }

  private void see(
      RayoClient client,
      Received s,
      Map<String, Integer> joined,
      Map<String, Integer> completes,
      Map<String, String> last) {
    String from = s.from();
    String party = from.contains("/") ? from.substring(0, from.indexOf('/')) : from;
    if (!from.contains("@")) {
      return;
    }
    if (calls.containsKey(party)) {
      assertThat(last.get(party))
          .as("before %s to %s, seed %d", s.xml(), client.jid(), seed)
          .isNotEqualTo("end");
    }
    if (s.isEvent("complete")) {
      completes.merge(from, 1, Integer::sum);
      return;
    }
    for (String name : List.of("joined", "unjoined")) {
      if (s.isEvent(name) && calls.containsKey(party)) {
        var child = s.child(name).orElseThrow();
        String other = child.getAttribute("call-uri") + child.getAttribute("mixer-name");
        joined.merge(party + " and " + other, name.equals("joined") ? 1 : -1, Integer::sum);
      }
    }
    last.put(party, s.isEvent("end") ? "end" : s.type().isEmpty() ? "something" : s.type());
  }
}
