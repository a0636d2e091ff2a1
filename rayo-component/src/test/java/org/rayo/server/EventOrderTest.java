package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.PhoneCall;

/** The order of what is said about a call, whatever ends it and its recording. */
class EventOrderTest {

  private static final int CALLS = 200;
  private static final int AT_ONCE = 50;

  /** One call as its client saw it; {@code stopped} only if a stop was commanded. */
  private record Course(
      String address, String component, Received ref, Optional<Received> stopped, String ending) {}

  @Test
  void manyQuickCalls_endedAtRandom_areToldInOrder(@TempDir Path directory) throws Exception {
    try (Site site = Site.embedded(directory)) {
      RayoClient client = site.availableClient("romeo", "balcony");
      Semaphore room = new Semaphore(AT_ONCE);
      List<Callable<Course>> calls = new ArrayList<>();
      for (int number = 0; number < CALLS; number++) {
        int mine = number;
        calls.add(
            () -> {
              room.acquire();
              try {
                return course(site, client, mine);
              } finally {
                room.release();
              }
            });
      }
      List<Course> courses = AtOnce.all(calls);
      site.settle(client);
      List<Received> all = client.received();
      courses.forEach(course -> verify(course, all));
      Map<String, Long> endings =
          courses.stream()
              .collect(
                  Collectors.groupingBy(
                      course ->
                          course.ending()
                              + " gave "
                              + client.awaitEvent(course.component(), "complete").reason(),
                      TreeMap::new,
                      Collectors.counting()));
      System.out.println("figure: " + CALLS + " quick calls in order: " + endings);
      assertThat(site.server().calls()).isZero();
    }
  }

  private static Course course(Site site, RayoClient client, int number) throws Exception {
    Random random = new Random(number);
    PhoneCall call =
        site.ring("quick" + number, options -> options.audio(AudioSource.tone(440, -10, 60_000)));
    String address = site.offer(client, "quick" + number).from();
    expectResult(client.command(address, ANSWER));
    Received ref = expectResult(client.command(address, Site.RECORD));
    String component = ref.ref();
    // Different lengths, the start beep's end among them.
    Thread.sleep(random.nextInt(600));
    Optional<String> stop = Optional.empty();
    String ending;
    switch (random.nextInt(5)) {
      case 0 -> {
        ending = "hangup of the caller";
        call.hangup();
      }
      case 1 -> {
        ending = "hangup of the client";
        client.sendCommand(address, HANGUP);
      }
      case 2 -> {
        ending = "stop, then hangup";
        stop = Optional.of(client.sendCommand(component, Site.STOP));
        client.awaitEvent(component, "complete");
        call.hangup();
      }
      case 3 -> {
        ending = "stop and hangup of the client together";
        stop = Optional.of(client.sendCommand(component, Site.STOP));
        client.sendCommand(address, HANGUP);
      }
      default -> {
        ending = "pause, stop and hangup of the caller together";
        call.hangup();
        client.sendCommand(component, Site.PAUSE);
        stop = Optional.of(client.sendCommand(component, Site.STOP));
      }
    }
    client.awaitEvent(address, "end");
    await(call.ended());
    return new Course(address, component, ref, stop.map(client::await), ending);
  }

  private static void verify(Course course, List<Received> all) {
    List<Received> told =
        all.stream()
            .filter(s -> s.from().equals(course.address()) || s.from().equals(course.component()))
            .toList();
    String what = course.ending() + ": " + told.stream().map(Received::xml).toList();
    List<Received> completes = told.stream().filter(s -> s.isEvent("complete")).toList();
    List<Received> ends = told.stream().filter(s -> s.isEvent("end")).toList();
    assertThat(completes).as(what).hasSize(1);
    assertThat(ends).as(what).hasSize(1);
    int complete = completes.get(0).number();
    int end = ends.get(0).number();
    assertThat(course.ref().number()).as(what).isLessThan(complete);
    assertThat(complete).as(what).isLessThan(end);
    course
        .stopped()
        .filter(answer -> answer.type().equals("result"))
        .ifPresent(answer -> assertThat(answer.number()).as(what).isLessThan(complete));
    assertThat(
            told.stream()
                .filter(s -> s.stanza().getLocalName().equals("presence") && s.number() > end))
        .as(what)
        .isEmpty();
    assertThat(told.stream().filter(s -> s.isEvent("offer"))).as(what).hasSize(1);
    assertThat(completes.get(0).reason()).as(what).isIn("stop", "hangup");
    assertThat(completes.get(0).recording()).as(what).isPresent();
  }
}
