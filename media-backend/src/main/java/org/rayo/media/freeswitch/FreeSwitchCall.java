package org.rayo.media.freeswitch;

import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.rayo.media.DetectionRequest;
import org.rayo.media.Header;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.media.MediaOutput;
import org.rayo.media.MediaRecording;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.CallRecordings;
import org.rayo.media.call.Caller;
import org.rayo.media.call.Deadline;
import org.rayo.media.call.EventOutbox;
import org.rayo.media.call.OwnCall;
import org.rayo.media.freeswitch.capture.Side;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel of FreeSWITCH's that is a call of ours. Commands and events go through its queue to its
 * {@link Phase}.
 */
final class FreeSwitchCall implements OwnCall, Switch.Follower {

  private static final Logger log = LoggerFactory.getLogger(FreeSwitchCall.class);

  /** FreeSWITCH tells the end of a channel that it was told to end at once, or never. */
  private static final Duration LEAVING = Duration.ofSeconds(4);

  /** Else FreeSWITCH ends what it plays when the caller presses the star. */
  private static final Map<String, String> NO_KEY_STOPS = Map.of("playback_terminators", "none");

  private final Environment environment;
  private final Channel channel;
  private final Caller caller;
  private final boolean outbound;
  private final CallQueue queue;
  private final EventOutbox events;
  private final CallRecordings recordings;
  private final Listening listening;
  private final Playbacks playbacks;
  private final Beeper beeper;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final CompletableFuture<Void> created = new CompletableFuture<>();

  // Changed on the queue only; read elsewhere for debugging.
  private volatile Phase phase;
  private volatile Optional<String> dialogState = Optional.empty();
  private final AudioOnDemand audio;
  private final Deadline ringing;
  private final Aftercare aftercare;

  /** One that has rung in, and is parked. */
  static FreeSwitchCall incoming(Environment environment, Channel channel, SwitchEvent event) {
    Caller caller =
        new Caller(
            event.variable("sip_call_id").orElse(channel.uuid()),
            ChannelHeaders.to(event),
            ChannelHeaders.from(event),
            ChannelHeaders.ofInvite(event));
    FreeSwitchCall call = new FreeSwitchCall(environment, channel, caller, false);
    boolean answered = event.header("Answer-State").filter("answered"::equals).isPresent();
    call.phase = answered ? new Phase.Up(call) : new Phase.Ringing(call);
    if (answered) {
      call.queue.execute(call::becomesAnswered);
    }
    call.awaitAnswer(environment.settings().limits().ringTimeout());
    return call;
  }

  /**
   * One that is to be placed.
   *
   * @param patience how long it may stay unanswered
   */
  static FreeSwitchCall placed(
      Environment environment, Channel channel, Caller caller, Duration patience) {
    FreeSwitchCall call = new FreeSwitchCall(environment, channel, caller, true);
    call.phase = new Phase.Placed(call);
    call.awaitAnswer(patience);
    return call;
  }

  private FreeSwitchCall(
      Environment environment, Channel channel, Caller caller, boolean outbound) {
    this.environment = environment;
    this.channel = channel;
    this.caller = caller;
    this.outbound = outbound;
    queue = new CallQueue(environment.workers());
    events = new EventOutbox(queue);
    recordings = new CallRecordings(environment.recorders(), queue, events);
    listening = new Listening(queue, events);
    playbacks =
        new Playbacks(
            new ChannelPlayer(channel),
            new PlayScript(environment.settings().playedToCalls()),
            queue,
            events,
            environment.timers());
    beeper = new Beeper(channel, queue, environment.timers(), playbacks::isPlaying);
    audio = new AudioOnDemand(this, () -> environment.audioOf(channel, toString(), beeper));
    ringing = new Deadline(environment.timers());
    aftercare = new Aftercare(this, environment.timers());
    phase = new Phase.Over(this);
  }

  private void awaitAnswer(Duration patience) {
    if (!phase.wasAnswered()) {
      ringing.set(patience, () -> queue.execute(() -> phase.ringTimeout()));
    }
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public boolean isOutbound() {
    return outbound;
  }

  @Override
  public Optional<String> dialogState() {
    return dialogState;
  }

  @Override
  public void listen(Consumer<MediaEvent> listener) {
    events.listen(listener);
  }

  @Override
  public CompletionStage<Void> accept(List<Header> headers) {
    return Stages.asked(queue, () -> phase.accept(HeaderRules.settable(headers)));
  }

  @Override
  public CompletionStage<Void> answer(List<Header> headers) {
    return Stages.asked(queue, () -> phase.answer(HeaderRules.settable(headers)));
  }

  @Override
  public CompletionStage<Void> reject(RejectReason reason, List<Header> headers) {
    return Stages.asked(queue, () -> phase.reject(reason, HeaderRules.settable(headers)));
  }

  @Override
  public CompletionStage<Void> redirect(URI to, List<Header> headers) {
    return Stages.asked(queue, () -> phase.redirect(to, HeaderRules.settable(headers)));
  }

  @Override
  public CompletionStage<Void> hangup(List<Header> headers) {
    return Stages.asked(queue, () -> phase.hangup(HeaderRules.settable(headers)));
  }

  @Override
  public CompletionStage<MediaRecording> record(RecordingRequest request, RecordingTarget target) {
    Set<Side> sides =
        switch (request.direction()) {
          case SEND -> EnumSet.of(Side.SAID);
          case RECV -> EnumSet.of(Side.HEARD);
          case DUPLEX -> EnumSet.allOf(Side.class);
        };
    return audio.opened(
        "record",
        sides,
        open -> {
          CompletableFuture<MediaRecording> started = new CompletableFuture<>();
          recordings.start(request, target, open, started, () -> open.release(sides));
          return started;
        });
  }

  @Override
  public CompletionStage<MediaDetection> detect(DetectionRequest request) {
    Set<Side> sides = Listening.sides(request);
    if (sides.isEmpty()) {
      return Stages.asked(
          queue,
          () -> phase.audible("detect").thenApplyAsync(now -> listening.keys(request), queue));
    }
    return audio.opened(
        "detect",
        sides,
        open ->
            CompletableFuture.completedStage(
                listening.start(request, open, () -> open.release(sides))));
  }

  @Override
  public CompletionStage<MediaOutput> output(OutputRequest request) {
    return Stages.asked(
        queue,
        () ->
            phase
                .audible("output")
                .thenCompose(now -> channel.set(NO_KEY_STOPS))
                .thenComposeAsync(
                    set -> {
                      CompletableFuture<MediaOutput> started = new CompletableFuture<>();
                      try {
                        audio.requireUp("output");
                        playbacks.start(request, started);
                      } catch (MediaException e) {
                        started.completeExceptionally(e);
                      }
                      return started;
                    },
                    queue));
  }

  @Override
  public CompletionStage<Void> join(MediaCall other, JoinRequest request) {
    return environment.bridges().join(this, other, request);
  }

  @Override
  public CompletionStage<Void> join(MediaMixer mixer, JoinRequest request) {
    return environment.bridges().join(this, mixer, request);
  }

  @Override
  public CompletionStage<Void> unjoin(MediaCall other) {
    return environment.bridges().unjoin(this, other);
  }

  @Override
  public CompletionStage<Void> unjoin(MediaMixer mixer) {
    return environment.bridges().unjoin(this, mixer);
  }

  // For the phases, on the queue.

  Channel channel() {
    return channel;
  }

  CallQueue queue() {
    return queue;
  }

  Phase phase() {
    return phase;
  }

  Playbacks playbacks() {
    return playbacks;
  }

  void become(Phase next) {
    log.debug("{}: now {}", this, next.name());
    phase = next;
    if (next instanceof Phase.Leaving) {
      ringing.clear();
      aftercare.lookIn(LEAVING);
    }
  }

  void becomesAnswered() {
    ringing.clear();
    become(new Phase.Up(this));
    String state = ForgottenChannel.text(channel);
    dialogState = Optional.of(state);
    events.put(new MediaEvent.DialogChanged(state));
  }

  void tell(MediaEvent event) {
    events.put(event);
  }

  /** Ends the call for its listener. */
  void finish(Ending.Told told) {
    become(new Phase.Over(this));
    ringing.clear();
    aftercare.clear();
    dialogState = Optional.empty();
    channel.server().leave(channel.uuid());
    environment.bridges().over(this);
    playbacks.callEnded();
    beeper.callEnded();
    // What was said counts: it is taken before the recordings end.
    Runnable ended = () -> queue.execute(() -> ended(told));
    audio.callEnded(ended);
  }

  private void ended(Ending.Told told) {
    listening.callEnded();
    recordings.callEnded();
    events.put(new MediaEvent.Ended(told.reason(), told.platformCode(), told.headers()));
    log.info(
        "{}: ended, {}{}",
        this,
        told.reason(),
        told.platformCode().map(code -> " (" + code + ")").orElse(""));
    finished.complete(null);
  }

  /** Completes when FreeSWITCH has made the channel of a call that is placed. */
  CompletionStage<Void> created() {
    return created;
  }

  /** There is no call after all: nobody has heard of it. */
  void discard() {
    queue.execute(
        () -> {
          phase = new Phase.Over(this);
          ringing.clear();
          aftercare.clear();
          channel.server().leave(channel.uuid());
          playbacks.callEnded();
          recordings.callEnded();
          finished.complete(null);
        });
  }

  @Override
  public void whenOver(Runnable task) {
    CompletableFuture<Void> unused = finished.thenRun(task);
  }

  @Override
  public void whenDeparted(Runnable task) {
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(finished, recordings.allEnded(), playbacks.allEnded())
            .thenRun(task);
  }

  @Override
  public void announce(Consumer<MediaCall> listener) {
    queue.execute(() -> listener.accept(this));
  }

  // What FreeSWITCH tells, on the connection's thread.

  @Override
  public void event(SwitchEvent event) {
    queue.execute(() -> happened(event));
  }

  private void happened(SwitchEvent event) {
    switch (event.name()) {
      case "CHANNEL_CREATE" -> created.complete(null);
      case "CHANNEL_PROGRESS" -> phase.rings(event);
      case "CHANNEL_PROGRESS_MEDIA" -> phase.hasEarlyMedia();
      case "CHANNEL_ANSWER" -> phase.answered(event);
      case "CHANNEL_BRIDGE" -> bridges().bridged(this);
      case "CHANNEL_PARK" -> bridges().parked(this);
      case "PLAYBACK_START" -> playbacks.began();
      case "CHANNEL_EXECUTE_COMPLETE" -> executed(event);
      case "DTMF" -> key(event);
      case "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY" -> phase.hungUp(Ending.of(event));
      default -> {}
    }
  }

  private Bridges bridges() {
    return environment.bridges();
  }

  private void executed(SwitchEvent event) {
    String id = event.header("Application-UUID").orElse("");
    beeper.executed(id);
    // What is cut off by the end of the call is told with that.
    if (event.header("Hangup-Cause").isEmpty()) {
      playbacks.ended(id, ChannelPlayer.failure(event));
    }
  }

  private void key(SwitchEvent event) {
    DtmfEvent.of(event)
        .ifPresent(
            key -> {
              audio.key(key.digit());
              listening.key(key);
              bridges().key(this, key);
            });
  }

  @Override
  public void missedEvents() {
    queue.execute(this::lookAfter);
  }

  @Override
  public void serverLost(String why) {
    queue.execute(
        () -> {
          log.warn("{}: its server is gone: {}", this, why);
          if (!isHeldBySocket()) {
            channel.server().abandon(channel.uuid());
          }
          phase.vanished(MediaEvent.EndReason.ERROR);
        });
  }

  /** Whether it goes on without us, as its dialplan says. */
  private boolean isHeldBySocket() {
    return !outbound && environment.settings().offering().socket().isPresent();
  }

  /** Asks FreeSWITCH what has become of it. */
  void lookAfter() {
    aftercare.look();
  }

  /** For logs: its signalling id, and the channel's for FreeSWITCH's console. */
  @Override
  public String toString() {
    return outbound ? "call " + channel.uuid() : "call " + caller.callId() + " " + channel.uuid();
  }

  @Override
  public String debugState() {
    return this
        + " from "
        + caller.from()
        + " to "
        + caller.to()
        + " at "
        + channel.server().name()
        + ": "
        + phase.name()
        + ", recordings "
        + recordings.count()
        + ", detections "
        + listening.count()
        + ", outputs "
        + playbacks.count();
  }
}
