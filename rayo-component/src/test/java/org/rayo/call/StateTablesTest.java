package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.ACCEPT;
import static org.rayo.call.CallWorld.ANSWER;
import static org.rayo.call.CallWorld.HANGUP;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.PAUSE;
import static org.rayo.call.CallWorld.RECORD;
import static org.rayo.call.CallWorld.REDIRECT;
import static org.rayo.call.CallWorld.REJECT;
import static org.rayo.call.CallWorld.RESUME;
import static org.rayo.call.CallWorld.STOP;
import static org.rayo.call.CallWorld.TYBALT;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * What every command answers in every state, as a client sees it, when the media does what it is
 * asked; the tables are printed. Whether there is media to record before the answer is for the
 * media to say.
 */
class StateTablesTest {

  private static final Map<String, String> CALL_COMMANDS = new LinkedHashMap<>();

  static {
    CALL_COMMANDS.put("accept", ACCEPT);
    CALL_COMMANDS.put("answer", ANSWER);
    CALL_COMMANDS.put("reject", REJECT);
    CALL_COMMANDS.put("redirect", REDIRECT);
    CALL_COMMANDS.put("hangup", HANGUP);
    CALL_COMMANDS.put("record", RECORD);
  }

  private record Row(String state, Supplier<CallWorld> world, List<String> expected) {}

  private static final String WAIT = "unexpected-request/wait";
  private static final String NOT_ALLOWED = "not-allowed/cancel";
  private static final String NOT_FOUND = "item-not-found/cancel";
  private static final String DONE = "result";
  private static final String TAKEN = "conflict/cancel";
  private static final String BAD = "bad-request/modify";
  private static final String OPTION = "feature-not-implemented/modify";
  private static final String UNKNOWN = "feature-not-implemented/cancel";
  private static final JID JULIETS_PHONE = new JID("juliet@example.org/phone");

  @Test
  void call_everyStateAndCommand_answersAsInTheTable() {
    List<Row> rows =
        List.of(
            new Row(
                "offered", StateTablesTest::offered, List.of(DONE, DONE, DONE, DONE, DONE, "ref")),
            new Row(
                "accepted",
                StateTablesTest::accepted,
                List.of(WAIT, DONE, NOT_ALLOWED, DONE, DONE, "ref")),
            new Row(
                "answered",
                () -> CallWorld.answered(JULIET),
                List.of(WAIT, DONE, NOT_ALLOWED, WAIT, DONE, "ref")),
            new Row(
                "hanging up",
                StateTablesTest::hangingUp,
                List.of(WAIT, WAIT, WAIT, WAIT, WAIT, WAIT)),
            new Row(
                "finishing",
                StateTablesTest::finishing,
                List.of(WAIT, WAIT, WAIT, WAIT, WAIT, WAIT)),
            new Row(
                "ended",
                StateTablesTest::ended,
                List.of(NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND, NOT_FOUND)));
    List<List<String>> grid = new ArrayList<>();
    for (Row row : rows) {
      List<String> line =
          CALL_COMMANDS.values().stream()
              .map(command -> outcome(row.world().get(), "", command))
              .toList();
      grid.add(line);
    }
    print("call", List.copyOf(CALL_COMMANDS.keySet()), rows, grid);
    assertThat(grid).isEqualTo(rows.stream().map(Row::expected).toList());
  }

  /** What is sent to a component: one command or two, whose last answer counts. */
  private record Sent(String name, JID sender, List<String> commands) {
    Sent(String name, String... commands) {
      this(name, JULIET, List.of(commands));
    }
  }

  private static final List<Sent> TO_A_RECORDING =
      List.of(
          new Sent("stop", STOP),
          new Sent("pause", PAUSE),
          new Sent("resume", RESUME),
          new Sent("stop, stop", STOP, STOP),
          new Sent("pause, pause", PAUSE, PAUSE),
          new Sent("resume, resume", RESUME, RESUME),
          new Sent("pause, resume", PAUSE, RESUME),
          new Sent("stop, pause", STOP, PAUSE),
          new Sent("stranger's stop", TYBALT, List.of(STOP)),
          new Sent("stranger's pause", TYBALT, List.of(PAUSE)),
          new Sent("stranger's resume", TYBALT, List.of(RESUME)),
          new Sent("own, other resource", JULIETS_PHONE, List.of(STOP)),
          new Sent("stop with a child", "<stop xmlns='urn:xmpp:rayo:ext:1'><now/></stop>"),
          new Sent("pause with a child", "<pause xmlns='urn:xmpp:rayo:record:1'><now/></pause>"),
          new Sent("resume with text", "<resume xmlns='urn:xmpp:rayo:record:1'>now</resume>"),
          new Sent("stop with attribute", "<stop xmlns='urn:xmpp:rayo:ext:1' at='5'/>"),
          new Sent("unknown command", "<seek xmlns='urn:xmpp:rayo:record:1'/>"));

  @Test
  void record_everyStateAndCommand_answersAsInTheTable() {
    Map<String, Supplier<CallWorld>> states = new LinkedHashMap<>();
    states.put("starting", StateTablesTest::starting);
    states.put("executing", () -> recording(""));
    states.put("paused", () -> recording(PAUSE));
    states.put("resumed", StateTablesTest::resumed);
    states.put("stopping", () -> recording(STOP));
    states.put("delivering", StateTablesTest::delivering);
    states.put("complete", StateTablesTest::complete);
    List<List<String>> expected =
        List.of(
            row(NOT_FOUND, DONE, DONE, DONE, WAIT, WAIT, NOT_FOUND), // stop
            row(NOT_FOUND, DONE, WAIT, DONE, WAIT, WAIT, NOT_FOUND), // pause
            row(NOT_FOUND, WAIT, DONE, WAIT, WAIT, WAIT, NOT_FOUND), // resume
            row(NOT_FOUND, WAIT, WAIT, WAIT, WAIT, WAIT, NOT_FOUND), // stop, stop
            row(NOT_FOUND, WAIT, WAIT, WAIT, WAIT, WAIT, NOT_FOUND), // pause, pause
            row(NOT_FOUND, WAIT, WAIT, WAIT, WAIT, WAIT, NOT_FOUND), // resume, resume
            row(NOT_FOUND, DONE, DONE, DONE, WAIT, WAIT, NOT_FOUND), // pause, resume
            row(NOT_FOUND, WAIT, WAIT, WAIT, WAIT, WAIT, NOT_FOUND), // stop, pause
            row(NOT_FOUND, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, NOT_FOUND), // stranger's
            row(NOT_FOUND, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, NOT_FOUND),
            row(NOT_FOUND, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, NOT_FOUND),
            row(NOT_FOUND, TAKEN, TAKEN, TAKEN, TAKEN, TAKEN, NOT_FOUND), // own, other resource
            always(BAD, 7), // with a child
            always(BAD, 7),
            always(BAD, 7), // with text
            always(OPTION, 7), // with attribute
            always(UNKNOWN, 7));
    List<List<String>> grid =
        TO_A_RECORDING.stream()
            .map(sent -> states.values().stream().map(state -> last(state.get(), sent)).toList())
            .toList();
    print(List.copyOf(states.keySet()), grid);
    assertThat(grid).isEqualTo(expected);
  }

  private static List<String> row(String... answers) {
    return List.of(answers);
  }

  private static List<String> always(String answer, int times) {
    return Collections.nCopies(times, answer);
  }

  /** What the last of these commands is answered; what is refused does nothing to the media. */
  private static String last(CallWorld world, Sent sent) {
    String component = component(world);
    String answer = "";
    for (String command : sent.commands()) {
      List<String> before = done(world);
      answer = outcome(world, sent.sender(), component, command);
      assertThat(done(world).size() - before.size()).isEqualTo(answer.equals(DONE) ? 1 : 0);
    }
    return answer;
  }

  private static List<String> done(CallWorld world) {
    return world.media.captures.stream().flatMap(c -> c.commands.stream()).toList();
  }

  /** Sends the command, lets the media do what it is asked, and says what the client was told. */
  private static String outcome(CallWorld world, String component, String xml) {
    return outcome(world, JULIET, component, xml);
  }

  private static String outcome(CallWorld world, JID sender, String component, String xml) {
    IQ command = world.sends(sender, component, xml);
    world.deliver();
    world.media.asked.forEach(asked -> asked.done().complete(null));
    world.media.captures.forEach(FakeMediaCall.Capture::begin);
    world.deliver();
    return CallWorld.outcome(world.answer(command));
  }

  private static String component(CallWorld world) {
    return world.recordings.beginnings.get(0).manifest().origin().componentId();
  }

  private static CallWorld offered() {
    return new CallWorld().available(JULIET).announce();
  }

  private static CallWorld accepted() {
    CallWorld world = offered();
    world.sends(JULIET, ACCEPT);
    world.deliver().media.next().done().complete(null);
    return world.deliver();
  }

  private static CallWorld hangingUp() {
    CallWorld world = CallWorld.answered(JULIET);
    world.sends(JULIET, HANGUP);
    return world.deliver();
  }

  private static CallWorld finishing() {
    CallWorld world = CallWorld.answered(JULIET);
    world.records(JULIET);
    world.media.end(EndReason.HUNGUP);
    return world.deliver();
  }

  /** Everybody has been told, and the command came in just before the call left the directory. */
  private static CallWorld ended() {
    CallWorld world = CallWorld.answered(JULIET);
    world.media.end(EndReason.HUNGUP);
    assertThat(world.deliverOne()).isTrue();
    return withoutItsLastMessage(world);
  }

  private static CallWorld withoutItsLastMessage(CallWorld world) {
    world.mailbox.removeIf(CallActor.NothingFollows.class::isInstance);
    return world;
  }

  private static CallWorld starting() {
    CallWorld world = CallWorld.answered(JULIET);
    world.recordings.quickJournal = false;
    world.sends(JULIET, RECORD);
    return world.deliver();
  }

  private static CallWorld recording(String then) {
    CallWorld world = CallWorld.answered(JULIET);
    String component = world.records(JULIET);
    if (!then.isEmpty()) {
      assertThat(world.commands(JULIET, component, then)).isPresent();
    }
    return world;
  }

  private static CallWorld resumed() {
    CallWorld world = recording(PAUSE);
    assertThat(world.commands(JULIET, component(world), RESUME)).isPresent();
    return world;
  }

  private static CallWorld delivering() {
    CallWorld world = recording("");
    world.recordings.quickDelivery = false;
    world.media.ended(world.media.captures.get(0), Cause.MAX_DURATION);
    return world.deliver();
  }

  private static CallWorld complete() {
    CallWorld world = delivering();
    world.recordings.finishings.get(0).deliver();
    return world.deliver();
  }

  private static void print(
      String what, List<String> commands, List<Row> rows, List<List<String>> grid) {
    StringBuilder text = new StringBuilder(String.format("%n%-12s", what));
    commands.forEach(command -> text.append(String.format("%-25s", command)));
    for (int i = 0; i < rows.size(); i++) {
      text.append(String.format("%n%-12s", rows.get(i).state()));
      grid.get(i).forEach(answer -> text.append(String.format("%-25s", answer)));
    }
    System.out.println(text.append(System.lineSeparator()));
  }

  private static void print(List<String> states, List<List<String>> grid) {
    StringBuilder text = new StringBuilder(String.format("%n%-22s", "record"));
    states.forEach(state -> text.append(String.format("%-31s", state)));
    for (int i = 0; i < grid.size(); i++) {
      text.append(String.format("%n%-22s", TO_A_RECORDING.get(i).name()));
      grid.get(i).forEach(answer -> text.append(String.format("%-31s", answer)));
    }
    System.out.println(text.append(System.lineSeparator()));
  }

  @Test
  void answer_givenByNobody_isSeen() {
    assertThat(CallWorld.outcome(Optional.empty())).isEqualTo("no answer");
  }
}
