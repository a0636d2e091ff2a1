package org.rayo.media.freeswitch.capture;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.rayo.media.MediaException;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.Unsynced;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;
import org.rayo.media.sip.SipSettings;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.Impairment;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/**
 * A capture endpoint, and a phone that forks to it as FreeSWITCH would: each leg says the time at
 * which it is sent.
 */
final class CaptureSite implements Forks, AutoCloseable {

  record Leg(Side side, String token, PhoneCall call) {}

  final RtpEngine engine =
      new RtpEngine(RtpSettings.of(InetAddress.getLoopbackAddress(), 40000, 49999));
  final Recorders recorders = new Recorders(RecorderSettings.DEFAULT, new Unsynced());
  final CaptureEndpoint endpoint = new CaptureEndpoint(SipSettings.loopback(), engine, recorders);
  final SoftPhone phone = SoftPhone.create();
  final BlockingQueue<Leg> legs = new LinkedBlockingQueue<>();
  final List<String> ended = new CopyOnWriteArrayList<>();
  private final Map<String, PhoneCall> calls = new ConcurrentHashMap<>();
  volatile Impairment impairment = Impairment.none();
  private final long epoch = System.nanoTime();

  CaptureSite() throws MediaException {
    engine.start();
    endpoint.start();
  }

  static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(15, TimeUnit.SECONDS);
  }

  Leg awaitLeg() throws InterruptedException {
    Leg leg = legs.poll(15, TimeUnit.SECONDS);
    if (leg == null) {
      throw new AssertionError("nothing was forked");
    }
    return leg;
  }

  String uri(String token) {
    return "sip:" + token + "@" + endpoint.address();
  }

  @Override
  public CompletionStage<Void> fork(Side side, String token) {
    PhoneCall call =
        phone.call(CallOptions.to(uri(token)).audio(new Now()).impairment(impairment).build());
    calls.put(token, call);
    CompletableFuture<Void> done = new CompletableFuture<>();
    CompletionStage<Void> unused =
        call.answered()
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    legs.add(new Leg(side, token, call));
                    done.complete(null);
                  } else {
                    done.completeExceptionally(
                        new MediaException(
                            MediaException.Fault.FAILED, "fork: " + failure, failure));
                  }
                });
    return done;
  }

  @Override
  public void end(String token) {
    ended.add(token);
    calls.get(token).hangup();
  }

  @Override
  public void beep(Runnable done) {
    done.run();
  }

  @Override
  public void close() {
    phone.close();
    endpoint.close();
    recorders.close();
    engine.close();
  }

  /** The time code, from the place of the time at which the first of it is sent. */
  private final class Now implements AudioSource {
    private final AudioSource code = TimeCode.source();
    private long begin = -1;

    @Override
    public long samples() {
      return ENDLESS;
    }

    @Override
    public short sample(long index) {
      if (begin < 0) {
        begin = (System.nanoTime() - epoch) / 125_000 - index;
      }
      return code.sample(begin + index);
    }
  }
}
