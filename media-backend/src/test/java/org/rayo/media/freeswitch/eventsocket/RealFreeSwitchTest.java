package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.rayo.media.freeswitch.eventsocket.Connected.get;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The same against a FreeSWITCH on this machine, with {@code RAYO_FREESWITCH=host:port:password}:
 * what passes a command arrives as it was, whatever FreeSWITCH splits and expands.
 */
final class RealFreeSwitchTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  /** Values that FreeSWITCH would take for something else, were they not quoted. */
  private static final List<String> VALUES =
      List.of(
          "plain",
          "two words",
          " blanks around ",
          "comma, comma,",
          "it's",
          "'quoted'",
          "''",
          "'",
          "\\",
          "\\\\",
          "back\\slash \\n \\s \\t \\' \\\" \\,",
          "ends with \\",
          "\"double\"",
          "a=b=c",
          "=",
          "{\"json\": {\"a\": [1, 2]}}",
          "[x=y]",
          "<x=y>",
          "^^:a:b",
          "a|b",
          "a;b=c;d",
          "a&b (c) d",
          "$x $$ $ {x}",
          "100 % & more%zz",
          "Zoë 王小明 🎙",
          "sip:7001@192.0.2.1;user=phone?X=y",
          "undef",
          "~!@#*()_+-/.:");

  private final EventSocketLoop loop = EventSocketLoop.start("test-event-sockets");
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final Heard heard = new Heard();

  /** Whose events came before the one that was waited for. */
  private final Set<String> others = new HashSet<>();

  private Optional<SwitchConnection> opened = Optional.empty();

  @BeforeEach
  void connect() {
    String where = System.getenv("RAYO_FREESWITCH");
    if (where == null) {
      System.out.println("skipped: no FreeSWITCH (RAYO_FREESWITCH=host:port:password)");
    }
    assumeTrue(where != null, "no FreeSWITCH (RAYO_FREESWITCH=host:port:password)");
    String[] parts = where.split(":", 3);
    opened =
        Optional.of(
            SwitchConnection.open(
                loop,
                new Address(parts[0], Integer.parseInt(parts[1]), parts[2]),
                ConnectionSettings.DEFAULT,
                List.of("CHANNEL_HANGUP", "CHANNEL_EXECUTE_COMPLETE"),
                List.of(),
                heard,
                timers));
    heard.expectUp();
  }

  @AfterEach
  void close() {
    loop.close();
    timers.shutdownNow();
  }

  private SwitchConnection server() {
    return opened.orElseThrow();
  }

  private String originate(Map<String, String> variables, String application, String argument) {
    String uuid = UUID.randomUUID().toString();
    server().watch(uuid);
    DialString to = DialString.to("null/x").with("origination_uuid", uuid).with(variables);
    assertThat(get(server().bgapi(to.originate(application, argument), LONG)))
        .isEqualTo(new Reply(true, uuid));
    return uuid;
  }

  private SwitchEvent hangUp(String uuid) {
    assertThat(get(server().api(ApiCommand.of("uuid_kill", uuid))).ok()).isTrue();
    SwitchEvent event = heard.expectEvent();
    while (!event.name().equals("CHANNEL_HANGUP") || !event.uniqueId().equals(Optional.of(uuid))) {
      others.add(event.uniqueId().orElse(""));
      event = heard.expectEvent();
    }
    server().unwatch(uuid);
    return event;
  }

  private static Map<String, String> variables() {
    Map<String, String> variables = new LinkedHashMap<>();
    VALUES.forEach(value -> variables.put("test_" + variables.size(), value));
    return variables;
  }

  private static void assertHas(SwitchEvent event, Map<String, String> variables) {
    variables.forEach((name, value) -> assertThat(event.variable(name)).as(name).hasValue(value));
  }

  @Test
  void originatesVariables_arriveAsTheyAre() {
    assertHas(hangUp(originate(variables(), "park", "")), variables());
    variables()
        .forEach(
            (name, value) -> {
              Map<String, String> one = Map.of(name, value);
              assertHas(hangUp(originate(one, "park", "")), one);
            });
  }

  @Test
  void setVariables_arriveAsTheyAre() {
    String uuid = originate(Map.of("gone", "x", "gone_too", "y"), "park", "");
    variables()
        .forEach(
            (name, value) ->
                assertThat(get(server().api(ApiCommand.setVariable(uuid, name, value))))
                    .isEqualTo(new Reply(true, "")));
    Map<String, String> more = new LinkedHashMap<>();
    variables().forEach((name, value) -> more.put("more_" + name, value));
    more.put("gone_too", "");
    assertThat(get(server().api(ApiCommand.setVariables(uuid, more))).ok()).isTrue();
    more.remove("gone_too");
    get(server().api(ApiCommand.setVariable(uuid, "gone", "")));
    SwitchEvent end = hangUp(uuid);
    assertHas(end, variables());
    assertHas(end, more);
    assertThat(end.variable("gone")).isEmpty();
    assertThat(end.variable("gone_too")).isEmpty();
  }

  @Test
  void applications_areExecuted_andTheirEndIsHeard() {
    String uuid = originate(Map.of(), "park", "");
    assertThat(get(server().execute(uuid, "set", "said=it's a, b; c=d", "x-1")).ok()).isTrue();
    assertThat(get(server().execute(uuid, "playback", "silence_stream://100", "x-2")).ok())
        .isTrue();
    SwitchEvent event = heard.expectEvent();
    while (!event.header("Application-UUID").equals(Optional.of("x-2"))) {
      event = heard.expectEvent();
    }
    assertThat(event.name()).isEqualTo("CHANNEL_EXECUTE_COMPLETE");
    assertThat(hangUp(uuid).variable("said")).contains("it's a, b; c=d");
    assertThat(get(server().execute(uuid, "park", "", "x-3")))
        .isEqualTo(new Reply(false, "invalid session id [" + uuid + "]"));
  }

  @Test
  void call_thatIsNotWatchedAnyMore_isNotHeard() {
    String first = originate(Map.of(), "park", "");
    String second = originate(Map.of(), "park", "");
    server().unwatch(first);
    assertThat(get(server().api(ApiCommand.of("uuid_kill", first))).ok()).isTrue();
    hangUp(second);
    assertThat(get(server().api(ApiCommand.of("uuid_exists", first))).text()).isEqualTo("false");
    assertThat(others).doesNotContain(first);
  }

  @Test
  void commands_thatFail_sayWhy() {
    assertThat(get(server().api(ApiCommand.of("uuid_kill", "nobody"))))
        .isEqualTo(new Reply(false, "No such channel!"));
    assertThat(get(server().api(ApiCommand.of("uuid_setvar"))).ok()).isFalse();
    assertThat(get(server().api(ApiCommand.of("no_such_command"))))
        .isEqualTo(new Reply(false, "no_such_command Command not found!"));
    ApiCommand nowhere = DialString.to("error/USER_BUSY").originate("park", "");
    assertThat(get(server().bgapi(nowhere, LONG))).isEqualTo(new Reply(false, "USER_BUSY"));
  }

  @Test
  void outboundSocket_offersTheCall_andHoldsItWhileItIsOpen() throws Exception {
    BlockingQueue<OutboundSocket> sockets = new LinkedBlockingQueue<>();
    BlockingQueue<SwitchEvent> data = new LinkedBlockingQueue<>();
    BlockingQueue<String> ends = new LinkedBlockingQueue<>();
    try (OutboundSockets outbound =
        OutboundSockets.listen(
            loop,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            OutboundSockets.Limits.DEFAULT,
            InetAddress::isLoopbackAddress,
            new OutboundSockets.Listener() {
              @Override
              public void offered(SwitchEvent channelData, OutboundSocket socket) {
                data.add(channelData);
                sockets.add(socket);
              }

              @Override
              public void closed(OutboundSocket socket, String why) {
                ends.add(why);
              }
            },
            timers)) {
      String argument = "127.0.0.1:" + outbound.address().getPort() + " async full";
      Map<String, String> note = Map.of("note", "Zoë, it's {me}");
      String uuid = originate(note, "socket", argument);
      SwitchEvent channel = data.poll(20, TimeUnit.SECONDS);
      assertThat(channel.uniqueId()).contains(uuid);
      assertHas(channel, note);
      assertThat(channel.header("Core-UUID")).isPresent();
      assertThat(get(server().execute(uuid, "playback", "silence_stream://20", "x")).ok()).isTrue();
      SwitchEvent event = heard.expectEvent();
      while (!event.header("Application-UUID").equals(Optional.of("x"))) {
        event = heard.expectEvent();
      }
      assertThat(get(server().api(ApiCommand.of("uuid_exists", uuid))).text()).isEqualTo("true");
      sockets.poll(20, TimeUnit.SECONDS).close();
      assertThat(ends.poll(20, TimeUnit.SECONDS)).isEqualTo("closed");
      // The park ends, and behind it stands nothing.
      while (!event.name().equals("CHANNEL_HANGUP")) {
        event = heard.expectEvent();
      }

      String next = originate(note, "socket", argument);
      assertThat(data.poll(20, TimeUnit.SECONDS).uniqueId()).contains(next);
      hangUp(next);
      assertThat(ends.poll(20, TimeUnit.SECONDS)).isIn("the call is over", "closed by the peer");
    }
  }
}
