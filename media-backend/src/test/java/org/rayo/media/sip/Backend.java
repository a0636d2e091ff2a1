package org.rayo.media.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.Unsynced;
import org.rayo.media.rtp.RtpStreamParameters;

/** A started backend on loopback whose RTP is only noted down. */
final class Backend implements AutoCloseable {

  final EmbeddedMediaBackend backend;
  final BlockingQueue<MediaCall> incoming = new LinkedBlockingQueue<>();
  final BlockingQueue<FakePort> ports = new LinkedBlockingQueue<>();
  private final AtomicInteger nextPort = new AtomicInteger(30000);

  private final Recorders recorders = new Recorders(RecorderSettings.DEFAULT, new Unsynced());

  private Backend(SipSettings settings, Duration ackTimeout) {
    this.backend =
        new EmbeddedMediaBackend(
            settings,
            this::open,
            recorders,
            new EmbeddedMediaBackend.Patience(ackTimeout, Duration.ofMillis(100)));
  }

  static Backend start() throws MediaException {
    return start(SipSettings.loopback());
  }

  static Backend start(SipSettings settings) throws MediaException {
    return start(settings, EmbeddedMediaBackend.Patience.NORMAL.ack());
  }

  static Backend start(SipSettings settings, Duration ackTimeout) throws MediaException {
    Backend started = new Backend(settings, ackTimeout);
    started.backend.start(started.incoming::add);
    return started;
  }

  static SipSettings settings(Duration ringTimeout, Duration rtpTimeout, int maxCalls) {
    return new SipSettings(
        "127.0.0.1", 0, Optional.empty(), List.of(), ringTimeout, rtpTimeout, maxCalls, "Rayo");
  }

  int port() {
    return backend.localPort();
  }

  MediaCall awaitCall() throws InterruptedException {
    MediaCall call = incoming.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call came in");
    }
    return call;
  }

  FakePort awaitPort() throws InterruptedException {
    FakePort port = ports.poll(10, TimeUnit.SECONDS);
    if (port == null) {
      throw new AssertionError("no RTP port was opened");
    }
    return port;
  }

  private MediaPort open(MediaPort.Listener listener) {
    FakePort port = new FakePort(nextPort.getAndAdd(2), listener);
    ports.add(port);
    return port;
  }

  @Override
  public void close() {
    backend.close();
    recorders.close();
  }

  /** JAIN-SIP takes a second to stop, for which the next test need not wait. */
  void closeLater() {
    new Thread(this::close, "closing a backend").start();
  }

  /** Notes what it is told. */
  static final class FakePort implements MediaPort {
    final int port;
    final Listener listener;
    final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

    FakePort(int port, Listener listener) {
      this.port = port;
      this.listener = listener;
    }

    Object awaitTold() throws InterruptedException {
      Object next = told.poll(10, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("the RTP port was told nothing");
      }
      return next;
    }

    @Override
    public int localPort() {
      return port;
    }

    @Override
    public void start(RtpStreamParameters parameters) {
      told.add(parameters);
    }

    @Override
    public void update(RtpStreamParameters parameters) {
      told.add(parameters);
    }

    @Override
    public ReceivedAudio audio() {
      throw new UnsupportedOperationException("this port has no audio");
    }

    @Override
    public void close() {
      told.add("closed");
    }
  }
}
