package org.rayo.media.rtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.function.Predicate;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.audio.Taps;
import org.rayo.media.audio.Ticked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audio of one call over RTP.
 *
 * <p>{@link #start}, {@link #update}, {@link #close}, {@link #execute}, {@link #localPort} and
 * {@link #counters} may be called from any thread and never block; what they ask for happens on the
 * media thread, in order. {@link #attach}, {@link #detach}, {@link #play} and {@link #stop} belong
 * to the media thread.
 *
 * <p>From the start on, every 20 ms give one frame to the taps, with or without packets. What the
 * caller says is delayed by the jitter buffer; what the caller hears is delayed by as much, so both
 * legs of a frame are of the same time. The {@code done} of {@link #play} runs when the taps have
 * got the last sample, about 100 ms after it was sent: to play without a pause, queue the next clip
 * before that.
 */
public final class RtpSession implements ReceivedAudio, Ticked {
  /** Hears of the session, on its media thread; must not block. */
  public interface Listener {
    /** Nothing came for so long, though it should; told once, until something comes again. */
    void rtpSilent(Duration since);

    /** Packets come again. */
    void rtpBack();

    /**
     * The caller pressed a key, {@code 0-9 * # A-D}, and released it now. The taps have heard of it
     * where it began.
     */
    void dtmf(char digit, Duration duration);
  }

  private static final Logger log = LoggerFactory.getLogger(RtpSession.class);

  private static final int READS_A_TURN = 64;

  /** Enough is waiting (samples): while ticks are made up for, the rest stays in the socket. */
  private static final int ENOUGH_WAITING = 4000;

  /** Rounds of reading at the end of a session; the system keeps less than that. */
  private static final int LAST_READS = 100;

  /** A packet later than this would only fill the other side's buffer. */
  private static final long TOO_LATE_TO_SEND_NANOS = 100_000_000;

  private enum State {
    OPEN,
    RUNNING,
    CLOSED
  }

  private final RtpLoop loop;
  private final DatagramChannel channel;
  private final int localPort;
  private final long deadAfterNanos;
  private final Listener listener;
  private final Tally tally;

  private final RtpPacket packet = new RtpPacket();
  private final SourceLatch latch;
  private final Taps taps;
  private final Legs legs;
  private final ReceiveStream receiving;

  private State state = State.OPEN;
  private InetSocketAddress signalled = new InetSocketAddress(0);
  private InetSocketAddress target = signalled;
  private G711 codec = G711.MU_LAW;
  private int payloadType;
  private StreamDirection direction = StreamDirection.INACTIVE;
  private long lastPacketNanos;
  private boolean silent;
  private boolean heard;
  private long receivedNanos;

  RtpSession(
      RtpLoop loop,
      DatagramChannel channel,
      RtpSettings settings,
      Listener listener,
      Predicate<InetAddress> allowed) {
    this.loop = loop;
    tally = new Tally(loop.packets());
    this.channel = channel;
    localPort = channel.socket().getLocalPort();
    this.listener = listener;
    taps = new Taps("RTP port " + localPort);
    deadAfterNanos = settings.deadAfter().toNanos();
    latch = new SourceLatch(allowed);
    PlayoutClock clock =
        new PlayoutClock(samples(settings.jitterTarget()), samples(settings.maxJitter()));
    legs = new Legs(clock, tally, listener::dtmf, taps);
    receiving = legs.receiving();
  }

  private static int samples(Duration duration) {
    return Math.toIntExact(duration.toMillis() * G711.SAMPLE_RATE_HZ / 1000);
  }

  /** The UDP port that the other side is told, even. */
  public int localPort() {
    return localPort;
  }

  /** What became of the packets so far. */
  public RtpCounters counters() {
    return tally.snapshot();
  }

  /** Begins to send, to receive and to deliver frames. Once; later changes are updates. */
  public void start(RtpStreamParameters parameters) {
    execute(() -> begin(parameters));
  }

  /** Takes a new remote address, codec or direction; the streams go on. */
  public void update(RtpStreamParameters parameters) {
    execute(() -> change(parameters));
  }

  /**
   * Ends the session: the taps get what was received already and no frame afterwards, every {@code
   * done} runs, the port is free. A second time does nothing.
   */
  public void close() {
    execute(this::end);
  }

  @Override
  public int sampleRateHz() {
    return G711.SAMPLE_RATE_HZ;
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public void attach(FrameTap tap) {
    requireMediaThread();
    taps.add(tap);
  }

  @Override
  public void detach(FrameTap tap) {
    requireMediaThread();
    taps.remove(tap);
  }

  @Override
  public void play(short[] samples, Runnable done) {
    requireMediaThread();
    if (state == State.CLOSED) {
      execute(done);
    } else {
      legs.play(samples, done);
    }
  }

  @Override
  public void play(FrameSource source, Runnable done) {
    requireMediaThread();
    if (state == State.CLOSED) {
      execute(done);
    } else {
      legs.play(source, done);
    }
  }

  @Override
  public void stop(FrameSource source) {
    requireMediaThread();
    legs.stop(source);
  }

  @Override
  public boolean isHeard() {
    requireMediaThread();
    return heard;
  }

  @Override
  public long receivedNanos() {
    requireMediaThread();
    return receivedNanos;
  }

  private void requireMediaThread() {
    if (!loop.isHere()) {
      throw new IllegalStateException("only on the media thread: use execute()");
    }
  }

  private void begin(RtpStreamParameters parameters) {
    if (state != State.OPEN) {
      change(parameters);
      return;
    }
    try {
      loop.addSession(this, channel);
    } catch (IOException e) {
      log.error("RTP port {} can't be read: the session ends", localPort, e);
      end();
      return;
    }
    state = State.RUNNING;
    discardEarly();
    change(parameters);
  }

  /** What came before the start belongs to no time of the call. */
  private void discardEarly() {
    ByteBuffer nothing = ByteBuffer.allocateDirect(1);
    try {
      for (int i = 0; i < 10_000 && channel.receive(nothing) != null; i++) {
        nothing.clear();
      }
    } catch (IOException e) {
      log.warn("Reading RTP port {} failed", localPort, e);
    }
  }

  private void change(RtpStreamParameters parameters) {
    if (state != State.RUNNING) {
      return;
    }
    if (!parameters.remote().equals(signalled)) {
      signalled = parameters.remote();
      target = signalled;
      latch.release();
    }
    if (parameters.direction().receives() && !direction.receives()) {
      lastPacketNanos = loop.now();
      silent = false;
      receiving.resumed();
    }
    codec = parameters.codec();
    payloadType = parameters.payloadType();
    direction = parameters.direction();
    receiving.expect(payloadType, codec, parameters.dtmfPayloadType(), loop.now());
  }

  private void end() {
    if (state == State.CLOSED) {
      return;
    }
    boolean ran = state == State.RUNNING;
    if (ran) {
      takeWhatHasArrived();
    }
    state = State.CLOSED;
    loop.removeSession(this);
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("Closing RTP port {} failed", localPort, e);
    }
    if (ran) {
      legs.drain();
    }
    taps.clear();
    legs.abandon();
  }

  /**
   * On a busy machine the end of the call can overtake what its caller said before: that still lies
   * in the socket.
   */
  private void takeWhatHasArrived() {
    ByteBuffer datagram = ByteBuffer.allocate(RtpLoop.DATAGRAM_BYTES);
    for (int i = 0; i < LAST_READS; i++) {
      long before = receiving.waiting();
      read(datagram, loop.now(), true);
      if (receiving.waiting() <= before) {
        return;
      }
      legs.drain();
    }
  }

  /** Reads what came, at most some of it when the loop is behind. */
  void read(ByteBuffer datagram, long nanos, boolean behind) {
    for (int i = 0; i < READS_A_TURN; i++) {
      if (state != State.RUNNING || (behind && receiving.waiting() > ENOUGH_WAITING)) {
        return;
      }
      datagram.clear();
      InetSocketAddress from;
      try {
        from = (InetSocketAddress) channel.receive(datagram);
      } catch (IOException e) {
        log.warn("Receiving on RTP port {} failed", localPort, e);
        return;
      }
      if (from == null) {
        return;
      }
      boolean whole = datagram.hasRemaining();
      datagram.flip();
      if (whole && packet.parse(datagram)) {
        received(from, nanos);
      } else {
        tally.one(Tally.Of.MALFORMED);
      }
    }
  }

  private void received(InetSocketAddress from, long nanos) {
    boolean agreed = receiving.isAgreed(packet.payloadType());
    switch (latch.check(from, agreed, receiving.isCurrent(packet.ssrc()), nanos)) {
      case STRANGER -> {
        tally.one(Tally.Of.STRANGERS);
        return;
      }
      case TAKEN -> target = from;
      case SAME -> {}
    }
    lastPacketNanos = nanos;
    heard = true;
    if (silent) {
      silent = false;
      listener.rtpBack();
    }
    receiving.receive(packet, direction.receives(), nanos);
  }

  /** 20 ms: one frame to the taps, one packet to the other side. For the loop alone. */
  @Override
  public void tick(long dueNanos, long late) {
    if (state != State.RUNNING) {
      return;
    }
    legs.next();
    if (direction.sends() && late < TOO_LATE_TO_SEND_NANOS) {
      send(loop.datagram());
    } else {
      legs.skip();
    }
    receivedNanos = legs.deliver(dueNanos);
    checkSilence(dueNanos);
  }

  private void send(ByteBuffer datagram) {
    datagram.clear();
    legs.packet(datagram, codec, payloadType);
    datagram.flip();
    try {
      boolean sent = channel.send(datagram, target) > 0;
      tally.one(sent ? Tally.Of.SENT : Tally.Of.UNSENT);
    } catch (IOException e) {
      tally.one(Tally.Of.UNSENT);
      log.debug("Sending RTP from port {} to {} failed", localPort, target, e);
    }
  }

  private void checkSilence(long nanos) {
    if (direction.receives() && !silent && nanos - lastPacketNanos >= deadAfterNanos) {
      silent = true;
      listener.rtpSilent(Duration.ofNanos(nanos - lastPacketNanos));
    }
  }

  @Override
  public String toString() {
    return "RTP port " + localPort;
  }
}
