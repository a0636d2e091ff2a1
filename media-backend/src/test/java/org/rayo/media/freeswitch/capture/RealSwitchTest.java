package org.rayo.media.freeswitch.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.MediaException;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.Unsynced;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;
import org.rayo.media.sip.SipSettings;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/** Forks of a real FreeSWITCH: {@code RAYO_FREESWITCH=host:port:password}. */
class RealSwitchTest {

  private final RtpEngine engine =
      new RtpEngine(RtpSettings.of(InetAddress.getLoopbackAddress(), 40000, 49999));
  private final Recorders recorders = new Recorders(RecorderSettings.DEFAULT, new Unsynced());
  private final CaptureEndpoint endpoint =
      new CaptureEndpoint(SipSettings.loopback(), engine, recorders);
  @TempDir Path directory;
  private Optional<EventSocket> socket = Optional.empty();
  private Optional<SoftPhone> phone = Optional.empty();

  @BeforeEach
  void begin() throws Exception {
    socket = EventSocket.ofEnvironment();
    assumeTrue(socket.isPresent(), "no FreeSWITCH: RAYO_FREESWITCH=host:port:password is not set");
    engine.start();
    endpoint.start();
    phone = Optional.of(SoftPhone.create());
  }

  @AfterEach
  void end() throws Exception {
    if (socket.isPresent()) {
      phone.ifPresent(SoftPhone::close);
      endpoint.close();
      socket.get().close();
    }
    engine.close();
    recorders.close();
  }

  private static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(15, TimeUnit.SECONDS);
  }

  private record Up(PhoneCall caller, String uuid) {}

  private Up call(String extension) throws Exception {
    EventSocket api = socket.get();
    String user = "c" + UUID.randomUUID().toString().substring(0, 8);
    String ip = api.api("global_getvar local_ip_v4");
    String status = api.api("sofia status profile external");
    String url =
        status
            .lines()
            .filter(l -> l.startsWith("URL "))
            .map(l -> l.replaceAll(".*@", "").trim())
            .findFirst()
            .orElse(ip + ":5080");
    PhoneCall caller =
        phone
            .get()
            .call(
                CallOptions.to("sip:" + extension + "@" + url)
                    .from(user)
                    .audio(TimeCode.source())
                    .build());
    done(caller.answered());
    for (int i = 0; i < 100; i++) {
      String channels = api.api("show channels");
      Optional<String> line = channels.lines().filter(l -> l.contains(user)).findFirst();
      if (line.isPresent()) {
        return new Up(caller, line.get().substring(0, 36));
      }
      Thread.sleep(50);
    }
    throw new AssertionError("the call is not among the channels");
  }

  @Test
  void open_bothSidesOfAnEcho_areForkedAndAligned() throws Exception {
    Up up = call("echo");
    try (RealSwitch forks = new RealSwitch(socket.get(), endpoint, up.uuid())) {
      CapturedAudio audio = endpoint.audioOf(up.uuid(), forks);
      long begin = System.nanoTime();
      done(audio.open(EnumSet.allOf(Side.class)));
      long opened = System.nanoTime();
      Heard heard = new Heard();
      audio.execute(() -> audio.attach(heard));
      Thread.sleep(5000);
      up.caller().hangup();
      done(up.caller().ended());
      long hungUp = System.nanoTime();
      CompletableFuture<Void> drained = new CompletableFuture<>();
      audio.callEnded(() -> drained.complete(null));
      done(drained);
      long end = System.nanoTime();
      System.out.printf(
          "figure: opened in %d ms, %d samples (%d ms) of %d ms, drained in %d ms%n",
          (opened - begin) / 1_000_000,
          heard.length(),
          heard.length() / 8,
          (hungUp - opened) / 1_000_000,
          (end - hungUp) / 1_000_000);
      assertEchoed(heard, 3000);
      assertThat(Math.abs(heard.length() / 8 - (hungUp - opened) / 1_000_000)).isLessThan(500);
    }
  }

  @Test
  void open_fileOfAnEcho_isReadAsItGrows() throws Exception {
    Up up = call("echo");
    EventSocket api = socket.get();
    AtomicInteger number = new AtomicInteger();
    Recordings recordings =
        new Recordings() {
          @Override
          public CompletionStage<Path> start() {
            Path file = directory.resolve(number.incrementAndGet() + ".wav");
            String reply =
                api.api(
                    "uuid_record "
                        + up.uuid()
                        + " start "
                        + file
                        + " 0 {RECORD_STEREO=true,enable_file_write_buffering=false,"
                        + "RECORD_PRE_BUFFER_FRAMES=0,record_sample_rate=8000}");
            return reply.startsWith("+OK")
                ? CompletableFuture.completedStage(file)
                : CompletableFuture.failedStage(
                    new MediaException(MediaException.Fault.FAILED, reply));
          }

          @Override
          public void stop(Path file) {
            String unused = api.api("uuid_record " + up.uuid() + " stop " + file);
          }

          @Override
          public void beep(Runnable done) {
            done.run();
          }
        };
    try (FileCapture capture = new FileCapture(engine)) {
      CapturedAudio audio = capture.audioOf(up.uuid(), recordings);
      long begin = System.nanoTime();
      done(audio.open(EnumSet.allOf(Side.class)));
      long opened = System.nanoTime();
      Heard heard = new Heard();
      audio.execute(() -> audio.attach(heard));
      Thread.sleep(4000);
      up.caller().hangup();
      done(up.caller().ended());
      long hungUp = System.nanoTime();
      CompletableFuture<Void> drained = new CompletableFuture<>();
      audio.callEnded(() -> drained.complete(null));
      done(drained);
      System.out.printf(
          "figure: file opened in %d ms, %d ms of %d ms, drained in %d ms%n",
          (opened - begin) / 1_000_000,
          heard.length() / 8,
          (hungUp - opened) / 1_000_000,
          (System.nanoTime() - hungUp) / 1_000_000);
      assertEchoed(heard, 3000);
      assertThat(Math.abs(heard.length() / 8 - (hungUp - opened) / 1_000_000)).isLessThan(500);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void frames_callThatIsTransferredBridgedAndParked_goOn() throws Exception {
    Up up = call("echo");
    Up other = call("parkans");
    EventSocket api = socket.get();
    try (RealSwitch forks = new RealSwitch(api, endpoint, up.uuid())) {
      CapturedAudio audio = endpoint.audioOf(up.uuid(), forks);
      done(audio.open(EnumSet.allOf(Side.class)));
      Heard heard = new Heard();
      audio.execute(() -> audio.attach(heard));
      Thread.sleep(1000);
      assertThat(api.api("uuid_transfer " + up.uuid() + " park inline")).startsWith("+OK");
      Thread.sleep(1500);
      assertThat(api.api("uuid_bridge " + up.uuid() + " " + other.uuid())).startsWith("+OK");
      Thread.sleep(1500);
      assertThat(api.api("uuid_transfer " + up.uuid() + " -both park inline")).startsWith("+OK");
      Thread.sleep(1500);
      // The forks outlive all of it.
      assertThat(forks.forked()).hasSize(2);
      up.caller().hangup();
      other.caller().hangup();
      CompletableFuture<Void> drained = new CompletableFuture<>();
      audio.callEnded(() -> drained.complete(null));
      done(drained);
      assertThat(heard.length() / 8).isBetween(5000, 6500);
      assertThat(TimeCode.read(heard.said()).stream().mapToDouble(TimeCode.Stretch::millis).sum())
          .isGreaterThan(4500);
    }
  }

  /** The echo comes a frame or a few later. What else moves is a busy machine's. */
  private static void assertEchoed(Heard heard, double leastMillis) {
    List<TimeCode.Stretch> said = TimeCode.read(heard.said());
    List<TimeCode.Stretch> echo = TimeCode.read(heard.heard());
    assertThat(said.stream().mapToDouble(TimeCode.Stretch::millis).sum())
        .isGreaterThan(leastMillis);
    assertThat(echo.stream().mapToDouble(TimeCode.Stretch::millis).sum())
        .isGreaterThan(leastMillis);
    assertThat(-said.get(0).leftOutBefore(echo.get(0))).isBetween(-20.0, 150.0);
  }
}
