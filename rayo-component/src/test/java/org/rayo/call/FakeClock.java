package org.rayo.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes when it is told to. */
final class FakeClock implements AlarmClock {

  private record Alarm(Instant at, Runnable task) {}

  private final List<Alarm> alarms = new ArrayList<>();
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void after(Duration pause, Runnable task) {
    alarms.add(new Alarm(now.plus(pause), task));
  }

  /** Lets time pass; whatever is due runs, in its order and at its time. */
  void pass(Duration time) {
    Instant end = now.plus(time);
    while (true) {
      List<Alarm> due =
          alarms.stream()
              .filter(alarm -> !alarm.at.isAfter(end))
              .sorted(Comparator.comparing(Alarm::at))
              .limit(1)
              .toList();
      if (due.isEmpty()) {
        now = end;
        return;
      }
      Alarm next = due.get(0);
      alarms.remove(next);
      now = next.at;
      next.task.run();
    }
  }

  int alarms() {
    return alarms.size();
  }
}
