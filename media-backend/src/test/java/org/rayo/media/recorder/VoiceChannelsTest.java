package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Participants;
import org.rayo.media.audio.Mixing;
import org.rayo.media.audio.ParticipantTap;
import org.rayo.media.recorder.Studio.Ask;

/** Voices side by side: against a plain model of it, and at no cost in memory. */
class VoiceChannelsTest {

  /** The rule in other words: sets of channels, and what each sample is the sum of. */
  private static final class Model {
    private final int channels;
    private final Map<String, Integer> seats = new LinkedHashMap<>();
    private final TreeSet<Integer> unused = new TreeSet<>();

    Model(int channels) {
      this.channels = channels;
      for (int i = 0; i < channels; i++) {
        unused.add(i);
      }
    }

    int enter(String who) {
      TreeSet<Integer> free = new TreeSet<>();
      for (int i = 0; i < channels; i++) {
        if (!seats.containsValue(i)) {
          free.add(i);
        }
      }
      int channel = channels - 1;
      if (!unused.isEmpty()) {
        channel = unused.first();
      } else if (!free.isEmpty()) {
        channel = free.first();
      }
      unused.remove(channel);
      seats.put(who, channel);
      return channel;
    }

    short at(int channel, int sample, Map<String, short[]> said) {
      int sum = 0;
      for (Map.Entry<String, short[]> voice : said.entrySet()) {
        if (seats.get(voice.getKey()) == channel) {
          sum += voice.getValue()[sample];
        }
      }
      return Mixing.clip(sum);
    }
  }

  @Test
  void anySequence_isWhatTheModelSays() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int channels = 2 + random.nextInt(6);
      VoiceChannels voices = new VoiceChannels(channels, 160);
      Model model = new Model(channels);
      int names = 0;
      for (int step = 0; step < 400; step++) {
        int what = random.nextInt(6);
        if (what == 0 && model.seats.size() < 12) {
          String who = "p" + names++;
          assertThat(voices.enter(who)).isEqualTo(model.enter(who));
        } else if (what == 1 && !model.seats.isEmpty()) {
          List<String> present = new ArrayList<>(model.seats.keySet());
          String who = present.get(random.nextInt(present.size()));
          voices.leave(who);
          model.seats.remove(who);
        } else {
          frame(voices, model, random);
        }
      }
    }
  }

  private static void frame(VoiceChannels voices, Model model, Random random) {
    int length = 1 + random.nextInt(random.nextInt(20) == 0 ? 500 : 160);
    Map<String, short[]> said = new LinkedHashMap<>();
    for (String who : model.seats.keySet()) {
      if (random.nextInt(5) > 0) {
        short[] samples = new short[length + 2];
        for (int i = 0; i < samples.length; i++) {
          samples[i] = (short) random.nextInt();
        }
        said.put(who, samples);
        voices.said(who, samples, length);
      }
    }
    voices.said("nobody", new short[length], length);
    int count = 1 + random.nextInt(length);
    short[] frame = voices.frame(count);
    for (int i = 0; i < count; i++) {
      for (int channel = 0; channel < model.channels; channel++) {
        assertThat(frame[i * model.channels + channel]).isEqualTo(model.at(channel, i, said));
      }
    }
    voices.clear();
  }

  @Test
  void frames_onTheMediaThread_allocateNothing() {
    Capture capture = new Capture(1 << 25, new AtomicLong(), () -> {});
    RecordingRequest request = new Ask().participants(Participants.inChannels(8)).request();
    VirtualCallAudio mixer = new VirtualCallAudio(8000);
    new Recorder(request, Limits.of(request, Duration.ofHours(3), 8000), mixer, capture).start();
    ParticipantTap tap = (ParticipantTap) mixer.attached().get(0);
    String[] names = new String[12];
    for (int i = 0; i < names.length; i++) {
      names[i] = "sip:somebody@example.org;call=" + i;
      tap.entered(names[i]);
    }
    short[] samples = new short[160];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long allocated = Long.MAX_VALUE;
    // What frames allocate they allocate in every round; what the JVM does now and then, it does
    // not.
    for (int round = 0; round < 8; round++) {
      long before = threads.getThreadAllocatedBytes(self);
      for (int i = 0; i < 2500; i++) {
        for (String name : names) {
          tap.said(name, samples, 160);
        }
        tap.frame(samples, samples, 160);
      }
      allocated = Math.min(allocated, threads.getThreadAllocatedBytes(self) - before);
    }
    assertThat(capture.outcome()).isEmpty();
    assertThat(allocated).isZero();
  }
}
