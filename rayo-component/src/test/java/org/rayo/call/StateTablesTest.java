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

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.IQ;

/**
 * What every command answers in every state, as a client sees it, when the media does what it is
 * asked; the tables are printed. Whether there is media to record before the answer is for the
 * media to say.
 */
class StateTablesTest {

  private static final Map<String, String> CALL_COMMANDS = new LinkedHashMap<>();
  private static final Map<String, String> RECORD_COMMANDS = new LinkedHashMap<>();

  static {
    CALL_COMMANDS.put("accept", ACCEPT);
    CALL_COMMANDS.put("answer", ANSWER);
    CALL_COMMANDS.put("reject", REJECT);
    CALL_COMMANDS.put("redirect", REDIRECT);
    CALL_COMMANDS.put("hangup", HANGUP);
    CALL_COMMANDS.put("record", RECORD);
    RECORD_COMMANDS.put("stop", STOP);
    RECORD_COMMANDS.put("pause", PAUSE);
    RECORD_COMMANDS.put("resume", RESUME);
  }

  private record Row(String state, Supplier<CallWorld> world, List<String> expected) {}

  private static final String WAIT = "unexpected-request/wait";
  private static final String NOT_ALLOWED = "not-allowed/cancel";
  private static final String NOT_FOUND = "item-not-found/cancel";
  private static final String DONE = "result";

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

  @Test
  void record_everyStateAndCommand_answersAsInTheTable() {
    List<Row> rows =
        List.of(
            new Row(
                "starting", StateTablesTest::starting, List.of(NOT_FOUND, NOT_FOUND, NOT_FOUND)),
            new Row("executing", () -> recording(""), List.of(DONE, DONE, WAIT)),
            new Row("paused", () -> recording(PAUSE), List.of(DONE, WAIT, DONE)),
            new Row("stopping", () -> recording(STOP), List.of(WAIT, WAIT, WAIT)),
            new Row("delivering", StateTablesTest::delivering, List.of(WAIT, WAIT, WAIT)),
            new Row(
                "complete", StateTablesTest::complete, List.of(NOT_FOUND, NOT_FOUND, NOT_FOUND)));
    List<List<String>> grid = new ArrayList<>();
    for (Row row : rows) {
      List<String> line =
          RECORD_COMMANDS.values().stream()
              .map(
                  command -> {
                    CallWorld world = row.world().get();
                    return outcome(world, component(world), command);
                  })
              .toList();
      grid.add(line);
    }
    print("record", List.copyOf(RECORD_COMMANDS.keySet()), rows, grid);
    assertThat(grid).isEqualTo(rows.stream().map(Row::expected).toList());
  }

  /** Sends the command, lets the media do what it is asked, and says what the client was told. */
  private static String outcome(CallWorld world, String component, String xml) {
    IQ command = world.sends(JULIET, component, xml);
    world.deliver();
    world.media.asked.forEach(asked -> asked.done().complete(null));
    world.media.captures.forEach(FakeMediaCall.Capture::begin);
    world.deliver();
    return CallWorld.outcome(world.answer(command));
  }

  private static String component(CallWorld world) {
    return world.recordings.beginnings.get(0).manifest().componentId();
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

  @Test
  void answer_givenByNobody_isSeen() {
    assertThat(CallWorld.outcome(Optional.empty())).isEqualTo("no answer");
  }
}
