package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.PAUSE;
import static org.rayo.server.Site.RESUME;
import static org.rayo.server.Site.STOP;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;

/** Every command of a record component in every state that a client can bring it to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RecordCommandsContract {

  private static final String RESULT = "result";
  private static final String NOT_NOW = "unexpected-request/wait";
  private static final String NOT_FOUND = "item-not-found/cancel";
  private static final String CONFLICT = "conflict/cancel";
  private static final String BAD_REQUEST = "bad-request/modify";
  private static final String BAD_OPTION = "feature-not-implemented/modify";
  private static final String NOT_IMPLEMENTED = "feature-not-implemented/cancel";

  /** A state that a component is brought to before it is commanded. */
  private enum State {
    EXECUTING,
    PAUSED,
    STARTED_PAUSED,
    RESUMED,
    COMPLETE;

    boolean isPaused() {
      return this == PAUSED || this == STARTED_PAUSED;
    }
  }

  private Site site;
  private RayoClient client;
  private RayoClient sameBareJid;
  private RayoClient stranger;

  /** A bilingual site whose calls are carried by what the test is for. */
  abstract Site open(Path directory, String... config) throws Exception;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = open(directory);
    client = site.availableClient("romeo", "balcony");
    sameBareJid = site.client("romeo", "garden");
    stranger = site.client("juliet", "orchard");
    site.warmUp(client);
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  private String componentIn(State state, String call) {
    String component =
        Site.start(
                client,
                call,
                "format='wav' start-beep='false' start-paused='"
                    + (state == State.STARTED_PAUSED)
                    + "'")
            .ref();
    switch (state) {
      case EXECUTING, STARTED_PAUSED -> {}
      case PAUSED -> expectResult(client.command(component, PAUSE));
      case RESUMED -> {
        expectResult(client.command(component, PAUSE));
        expectResult(client.command(component, RESUME));
      }
      case COMPLETE -> Site.stop(client, component);
    }
    return component;
  }

  /** What the answer is, by the table of conformance. */
  private static String expected(State state, String command) {
    if (state == State.COMPLETE) {
      return NOT_FOUND;
    }
    boolean allowed =
        switch (command) {
          case PAUSE -> !state.isPaused();
          case RESUME -> state.isPaused();
          default -> true;
        };
    return allowed ? RESULT : NOT_NOW;
  }

  private static String told(Received answer) {
    return answer.type().equals("result") ? RESULT : answer.error();
  }

  private static void expectEcho(Received answer, String command) {
    if (answer.type().equals("error")) {
      String name = command.substring(1).split("[ />]", 2)[0];
      assertThat(answer.child(name)).as("the echo of %s: %s", command, answer.xml()).isPresent();
      assertThat(answer.xml().indexOf("<" + name)).isLessThan(answer.xml().indexOf("<error"));
      assertThat(answer.errorText()).as(answer.xml()).isNotBlank();
    }
  }

  /** In the state, commands; then ends the component where that has not been done. */
  private String tell(State state, String command, String call) {
    String component = componentIn(state, call);
    Received answer = client.command(component, command);
    expectEcho(answer, command);
    if (state != State.COMPLETE && !(command.equals(STOP) && told(answer).equals(RESULT))) {
      expectResult(client.command(component, STOP));
    }
    assertThat(client.awaitEvent(component, "complete").reason()).isEqualTo("stop");
    return told(answer);
  }

  @ConcurrentTest
  void everyCommand_inEveryState_isAnsweredAsTheTableSays() throws Exception {
    Answered answered = site.talkingCall(client, "table", AudioSource.tone(440, -12, 60_000));
    Map<String, String> commands = new LinkedHashMap<>();
    commands.put("pause", PAUSE);
    commands.put("resume", RESUME);
    commands.put("stop", STOP);
    List<String> wrong = new ArrayList<>();
    StringBuilder table = new StringBuilder("figure: state of a record component and command:");
    for (State state : State.values()) {
      for (Map.Entry<String, String> command : commands.entrySet()) {
        String told = tell(state, command.getValue(), answered.address());
        String expected = expected(state, command.getValue());
        table.append(String.format("%n  %-14s %-7s %s", state, command.getKey(), told));
        if (!told.equals(expected)) {
          wrong.add(state + " " + command.getKey() + ": " + told + ", not " + expected);
        }
      }
    }
    System.out.println(table);
    assertThat(wrong).isEmpty();
    answered.call().hangup();
  }

  @ConcurrentTest
  void commands_withContentOrOptionsOfTheirOwn_areRefusedInEveryState() throws Exception {
    Answered answered = site.talkingCall(client, "content", AudioSource.tone(440, -12, 60_000));
    Map<String, String> commands = new LinkedHashMap<>();
    for (String name : List.of("pause", "resume")) {
      String open = "<" + name + " xmlns='urn:xmpp:rayo:record:1'";
      commands.put(open + "><now/></" + name + ">", BAD_REQUEST);
      commands.put(open + "><hint name='a' value='b'/></" + name + ">", BAD_REQUEST);
      commands.put(open + ">now</" + name + ">", BAD_REQUEST);
      commands.put(open + " when='now'/>", BAD_OPTION);
    }
    commands.put("<stop xmlns='urn:xmpp:rayo:ext:1'><now/></stop>", BAD_REQUEST);
    commands.put("<stop xmlns='urn:xmpp:rayo:ext:1'>now</stop>", BAD_REQUEST);
    commands.put("<stop xmlns='urn:xmpp:rayo:ext:1' when='now'/>", BAD_OPTION);
    commands.put("<stop xmlns='urn:xmpp:rayo:record:1'/>", NOT_IMPLEMENTED);
    commands.put("<pause xmlns='urn:xmpp:rayo:ext:1'/>", NOT_IMPLEMENTED);
    commands.put("<rewind xmlns='urn:xmpp:rayo:record:1'/>", NOT_IMPLEMENTED);
    Map<String, String> wrong = new LinkedHashMap<>();
    for (State state : List.of(State.EXECUTING, State.PAUSED)) {
      String component = componentIn(state, answered.address());
      commands.forEach(
          (command, error) -> {
            Received answer = client.command(component, command);
            expectEcho(answer, command);
            if (!told(answer).equals(error)) {
              wrong.put(state + " " + command, told(answer) + ", not " + error);
            }
          });
      // It is in the same state still.
      assertThat(told(client.command(component, state.isPaused() ? PAUSE : RESUME)))
          .isEqualTo(NOT_NOW);
      assertThat(Site.stop(client, component).reason()).isEqualTo("stop");
    }
    assertThat(wrong).isEmpty();
    answered.call().hangup();
  }

  @ConcurrentTest
  void commands_ofOthers_areConflictsAndChangeNothing() throws Exception {
    Answered answered = site.talkingCall(client, "others", AudioSource.tone(440, -12, 60_000));
    for (State state : List.of(State.EXECUTING, State.PAUSED)) {
      String component = componentIn(state, answered.address());
      for (RayoClient other : List.of(stranger, sameBareJid)) {
        for (String command : List.of(PAUSE, RESUME, STOP)) {
          Received answer = other.command(component, command);
          assertThat(told(answer)).as("%s of %s", command, other.jid()).isEqualTo(CONFLICT);
          expectEcho(answer, command);
        }
      }
      assertThat(told(client.command(component, state.isPaused() ? PAUSE : RESUME)))
          .isEqualTo(NOT_NOW);
      Site.stop(client, component);
      for (RayoClient other : List.of(stranger, sameBareJid)) {
        assertThat(told(other.command(component, STOP))).isIn(NOT_FOUND, CONFLICT);
        assertThat(other.received().stream().filter(s -> s.isEvent("complete"))).isEmpty();
      }
    }
    answered.call().hangup();
  }

  @ConcurrentTest
  void commands_afterTheStop_comeTooLate() throws Exception {
    Answered answered = site.talkingCall(client, "late", AudioSource.tone(440, -12, 60_000));
    int finishing = 0;
    for (int i = 0; i < 20; i++) {
      String component = componentIn(State.EXECUTING, answered.address());
      String stopped = client.sendCommand(component, STOP);
      List<String> late = new ArrayList<>();
      for (String command : List.of(STOP, PAUSE, RESUME, STOP)) {
        late.add(client.sendCommand(component, command));
      }
      expectResult(client.await(stopped));
      for (String id : late) {
        Received answer = client.await(id);
        assertThat(told(answer)).isIn(NOT_NOW, NOT_FOUND);
        finishing += told(answer).equals(NOT_NOW) ? 1 : 0;
      }
      assertThat(client.awaitEvent(component, "complete").reason()).isEqualTo("stop");
      assertThat(
              client.received().stream()
                  .filter(s -> s.isEvent("complete") && s.from().equals(component)))
          .hasSize(1);
    }
    System.out.println(
        "figure: of 80 commands right after a stop "
            + finishing
            + " found it finishing, the others complete");
    answered.call().hangup();
  }

  @ConcurrentTest
  void commands_afterAnEndOfItsOwn_areItemNotFound() throws Exception {
    Answered answered = site.talkingCall(client, "ended", AudioSource.tone(440, -12, 60_000));
    for (String limit : List.of("max-duration='200'", "final-timeout='300'")) {
      String component =
          Site.start(client, answered.address(), "format='wav' start-beep='false' " + limit).ref();
      if (limit.startsWith("final")) {
        Site.await(answered.call().send(AudioSource.tone(440, -12, 300)));
      }
      assertThat(client.awaitEvent(component, "complete").reason()).isEqualTo("success");
      for (String command : List.of(PAUSE, RESUME, STOP)) {
        Received answer = client.command(component, command);
        assertThat(told(answer)).isEqualTo(NOT_FOUND);
        expectEcho(answer, command);
      }
    }
    answered.call().hangup();
  }
}
