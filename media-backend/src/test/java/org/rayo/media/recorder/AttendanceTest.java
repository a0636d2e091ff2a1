package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.rayo.media.ParticipantTimeline;
import org.rayo.media.ParticipantTimeline.Speech;
import org.rayo.media.ParticipantTimeline.Stay;

/** Who was there and spoke: places in the file, and no more of them than can be kept. */
class AttendanceTest {

  private final Attendance attendance = new Attendance(8000);

  @Test
  void times_areRoundedHalfUp_andNoneIsBeyondTheEnd() {
    attendance.capturing(true, 0);
    attendance.entered("a", 0, 3);
    attendance.speaking("a", true, 4);
    attendance.speaking("a", false, 12);
    attendance.speaking("a", true, 7000);
    attendance.left("a", 9000);
    attendance.entered("b", 1, 8004);

    assertThat(attendance.timeline(1000))
        .isEqualTo(
            new ParticipantTimeline(
                List.of(
                    new Stay(
                        "a",
                        OptionalInt.of(1),
                        false,
                        0,
                        1000,
                        List.of(new Speech(1, 2), new Speech(875, 1000)))),
                false));
  }

  /** The disk was full long before the recording ended. */
  @Test
  void timeline_ofAFileThatIsShorter_endsWithIt() {
    attendance.capturing(true, 0);
    attendance.entered("a", 0, 0);
    attendance.left("a", 80_000);
    attendance.entered("b", 0, 80_000);
    assertThat(attendance.timeline(500).stays())
        .containsExactly(new Stay("a", OptionalInt.of(1), false, 0, 500, List.of()));
    assertThat(attendance.timeline(0).stays()).isEmpty();
  }

  @Test
  void speech_toldTwice_orOfNobody_isOneOrNone() {
    attendance.capturing(true, 0);
    attendance.speaking("a", true, 0);
    attendance.entered("a", 0, 800);
    attendance.entered("a", 5, 900);
    attendance.speaking("a", false, 1000);
    attendance.speaking("a", true, 1600);
    attendance.speaking("a", true, 2400);
    attendance.speaking("a", false, 3200);
    attendance.speaking("a", false, 4000);
    attendance.left("b", 4000);
    assertThat(attendance.timeline(1000).stays())
        .containsExactly(
            new Stay("a", OptionalInt.of(1), false, 100, 1000, List.of(new Speech(200, 400))));
  }

  /** Of one who stops while nothing is captured nothing goes on afterwards. */
  @Test
  void speech_thatEndsInAPause_endsWhereItBegan() {
    attendance.capturing(true, 0);
    attendance.entered("a", 0, 0);
    attendance.speaking("a", true, 0);
    attendance.capturing(false, 800);
    attendance.speaking("a", false, 800);
    attendance.capturing(true, 800);
    attendance.capturing(false, 1600);
    attendance.speaking("a", true, 1600);
    attendance.speaking("a", false, 1600);
    attendance.capturing(true, 1600);
    assertThat(attendance.timeline(1000).stays().get(0).speeches())
        .containsExactly(new Speech(0, 100));
  }

  @Test
  void speeches_tooMany_theFirstAreKeptAndItIsSaid() {
    attendance.capturing(true, 0);
    attendance.entered("a", 0, 0);
    for (int i = 0; i < 10_000; i++) {
      attendance.speaking("a", true, 16L * i);
      attendance.speaking("a", false, 16L * i + 8);
    }
    assertThat(attendance.timeline(100_000).truncated()).isFalse();
    attendance.speaking("a", true, 200_000);
    attendance.speaking("a", false, 200_008);

    ParticipantTimeline timeline = attendance.timeline(100_000);
    assertThat(timeline.truncated()).isTrue();
    assertThat(timeline.stays().get(0).speeches())
        .hasSize(10_000)
        .endsWith(new Speech(19_998, 19_999));
    assertThat(timeline.stays().get(0).toMillis()).isEqualTo(100_000);
  }

  @Test
  void stays_tooMany_theFirstAreKeptAndItIsSaid() {
    attendance.capturing(true, 0);
    for (int i = 0; i < 1001; i++) {
      attendance.entered("p" + i, VoiceChannels.NONE, 8L * i);
      attendance.speaking("p" + i, true, 8L * i);
      attendance.left("p" + i, 8L * i + 8);
    }
    ParticipantTimeline timeline = attendance.timeline(5000);
    assertThat(timeline.truncated()).isTrue();
    assertThat(timeline.stays())
        .hasSize(1000)
        .endsWith(
            new Stay(
                "p999", OptionalInt.empty(), false, 999, 1000, List.of(new Speech(999, 1000))));
  }
}
