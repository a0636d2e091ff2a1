package org.rayo.call;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.rayo.call.CallState.Outcome;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CallCommand.Hangup;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.RayoWriter;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.StanzaErrors;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings.Finished;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * One call: owns its id, its control, its components, and the order of everything said about it.
 *
 * <p>Commands are executed one after the other; what takes time comes back as a message. A call
 * that is over waits for its components, then tells everybody concerned, and stops.
 */
public final class CallActor {

  private static final Logger LOG = LoggerFactory.getLogger(CallActor.class);

  /** Commands that may wait for the one that is being executed. */
  private static final int WAITING_LIMIT = 100;

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);

  /** What a call is told. */
  public sealed interface Message {
    /** What marks the log lines that are written while this is handled. */
    default Map<String, String> mdc() {
      return Map.of();
    }
  }

  private sealed interface OfRecording extends Message {
    RecordComponent component();

    @Override
    default Map<String, String> mdc() {
      return Map.of("recording", component().manifest().recordingId());
    }
  }

  /** Begin: offer the call. */
  record Announce() implements Message {}

  /** A command to the call. */
  record CommandReceived(IQ iq, CallCommand command) implements Message {}

  /** A command to one of the call's components. */
  record ComponentCommandReceived(IQ iq, String component, ComponentCommand command)
      implements Message {}

  /** The server is stopping: hang up. */
  record Shutdown() implements Message {}

  private record ClientGone(JID client) implements Message {}

  private record ClientBack(JID client) implements Message {}

  private record GraceOver() implements Message {}

  private record MediaHappened(MediaEvent event) implements Message {}

  private record CommandDone(IQ iq, CallState next, Optional<Throwable> failure)
      implements Message {}

  private record RecordBegun(RecordComponent component, MediaRecording recording)
      implements OfRecording {}

  private record RecordFailed(RecordComponent component, Throwable failure)
      implements OfRecording {}

  private record RecordFinished(RecordComponent component, Finished finished)
      implements OfRecording {}

  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private final CallEnvironment environment;
  private final MediaCall media;
  private final String id;
  private final JID address;
  private final ControlPolicy control = new ControlPolicy();
  private final Map<String, RecordComponent> components = new LinkedHashMap<>();
  private final Deque<CommandReceived> waiting = new ArrayDeque<>();
  private final ClientWatcher watcher;
  private CallState state;
  private boolean executing;
  private Optional<MediaEvent.Ended> ended = Optional.empty();

  private CallActor(
      ActorContext<Message> context,
      TimerScheduler<Message> timers,
      CallEnvironment environment,
      String id,
      MediaCall media) {
    this.context = context;
    this.timers = timers;
    this.environment = environment;
    this.media = media;
    this.id = id;
    this.address = new JID(id, environment.domain(), null, true);
    this.state = new CallState.Offered(media);
    this.watcher =
        new ClientWatcher() {
          @Override
          public void clientGone(JID client) {
            context.getSelf().tell(new ClientGone(client));
          }

          @Override
          public void clientBack(JID client) {
            context.getSelf().tell(new ClientBack(client));
          }
        };
  }

  static Behavior<Message> create(CallEnvironment environment, String id, MediaCall media) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new CallActor(context, timers, environment, id, media).behavior()));
  }

  private Behavior<Message> behavior() {
    return Behaviors.receive(Message.class)
        .onMessage(Announce.class, announce -> onAnnounce())
        .onMessage(CommandReceived.class, this::onCommand)
        .onMessage(ComponentCommandReceived.class, this::onComponentCommand)
        .onMessage(CommandDone.class, this::onCommandDone)
        .onMessage(RecordBegun.class, this::onRecordBegun)
        .onMessage(RecordFailed.class, this::onRecordFailed)
        .onMessage(RecordFinished.class, this::onRecordFinished)
        .onMessage(MediaHappened.class, this::onMediaEvent)
        .onMessage(ClientGone.class, this::onClientGone)
        .onMessage(ClientBack.class, this::onClientBack)
        .onMessage(GraceOver.class, over -> onGraceOver())
        .onMessage(Shutdown.class, shutdown -> onShutdown())
        .build();
  }

  private Behavior<Message> onAnnounce() {
    media.listen(event -> context.getSelf().tell(new MediaHappened(event)));
    RayoEvent.Offer offer = new RayoEvent.Offer(media.to(), media.from(), media.headers());
    int offered = 0;
    for (JID client : environment.clients().takingOffers()) {
      Presence presence =
          RayoWriter.offer(address, client, offer, environment.now(), environment.callCaps());
      environment.clients().watch(client, watcher);
      control.offeredTo(client);
      offered += environment.clients().tellNow(client, presence) ? 1 : 0;
    }
    LOG.info(
        "call from {} to {} ({}) offered to {}",
        media.from(),
        media.to(),
        media.signallingId(),
        offered == 0 ? "nobody, for no client is available" : offered + " clients");
    if (offered == 0) {
      refuse();
    }
    return Behaviors.same();
  }

  /** Nobody can take the call. */
  private void refuse() {
    media
        .reject(MediaCall.RejectReason.UNAVAILABLE, List.of())
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("the call could not be refused", failure);
              }
            });
  }

  private Behavior<Message> onCommand(CommandReceived received) {
    IQ iq = received.iq();
    boolean controlled = control.definitiveControllingParty().isPresent();
    Optional<StanzaError> refusal = control.claim(iq.getFrom());
    if (refusal.isPresent()) {
      return answer(iq, refusal);
    }
    if (!controlled) {
      environment.clients().watch(iq.getFrom(), watcher);
      LOG.info("controlled by {}", iq.getFrom());
    }
    if (!executing || received.command() instanceof Hangup) {
      return execute(received);
    }
    if (waiting.size() >= WAITING_LIMIT) {
      return answer(
          iq,
          Optional.of(
              StanzaError.resourceConstraint(
                  WAITING_LIMIT + " commands to this call are waiting already")));
    }
    waiting.add(received);
    return Behaviors.same();
  }

  private Behavior<Message> execute(CommandReceived received) {
    Outcome outcome = received.command().handle(state);
    return outcome.handle(new Execution(received.iq()));
  }

  /** Carries out what a state made of a command. */
  private final class Execution implements Outcome.Handler<Behavior<Message>> {
    private final IQ iq;

    Execution(IQ iq) {
      this.iq = iq;
    }

    @Override
    public Behavior<Message> done(CallState.Done done) {
      return answer(iq, Optional.empty());
    }

    @Override
    public Behavior<Message> refused(CallState.Refused refused) {
      return answer(iq, Optional.of(refused.error()));
    }

    @Override
    public Behavior<Message> underWay(CallState.UnderWay underWay) {
      executing = true;
      context.pipeToSelf(
          underWay.work(),
          (done, failure) -> new CommandDone(iq, underWay.next(), Optional.ofNullable(failure)));
      return Behaviors.same();
    }

    @Override
    public Behavior<Message> hangingUp(CallState.HangingUp hangingUp) {
      state = new CallState.Over();
      return answer(iq, Optional.empty());
    }

    @Override
    public Behavior<Message> startRecord(CallState.StartRecord start) {
      return CallActor.this.startRecord(iq, start.command());
    }
  }

  private Behavior<Message> onCommandDone(CommandDone done) {
    executing = false;
    if (done.failure().isEmpty() && ended.isEmpty() && !(state instanceof CallState.Over)) {
      state = done.next();
    }
    answer(done.iq(), done.failure().map(CallActor::refusal));
    while (!executing && !waiting.isEmpty()) {
      execute(waiting.remove());
    }
    return endIfDone();
  }

  private Behavior<Message> startRecord(IQ iq, RecordCommand command) {
    Dialect dialect = environment.clients().dialectOf(iq.getFrom());
    RecordingRequest request;
    try {
      request = dialect.request(command);
    } catch (CommandRefusedException e) {
      return answer(iq, Optional.of(e.error()));
    }
    JID componentAddress = new JID(id, environment.domain(), Ids.component(), true);
    RecordComponent component =
        new RecordComponent(
            componentAddress,
            iq,
            dialect,
            request,
            manifest(componentAddress, iq.getFrom(), dialect, request));
    components.put(component.id(), component);
    context.pipeToSelf(
        environment
            .recordings()
            .begin(component.manifest(), target -> media.record(request, target)),
        (recording, failure) ->
            failure == null
                ? new RecordBegun(component, recording)
                : new RecordFailed(component, failure));
    return Behaviors.same();
  }

  private Manifest manifest(JID component, JID client, Dialect dialect, RecordingRequest request) {
    Instant now = environment.now();
    String recordingId = id + "-" + component.getResource();
    return new Manifest(
        recordingId,
        id,
        component.getResource(),
        client.toString(),
        dialect.token(),
        request.format(),
        request.direction(),
        DAY.format(now) + "/" + recordingId + "." + request.format().token(),
        now,
        Manifest.State.CAPTURING,
        Optional.empty(),
        Optional.empty());
  }

  private Behavior<Message> onRecordBegun(RecordBegun begun) {
    RecordComponent component = begun.component();
    component.started(begun.recording());
    environment.directory().addComponent(id, component.id());
    IQ result = IQ.createResultIQ(component.startedBy());
    result.setChildElement(component.dialect().ref(component.address()));
    environment.stream().send(result);
    LOG.info("recording {} begun: {}", component.id(), component.request());
    component.captured().ifPresent(captured -> finish(component, captured));
    return Behaviors.same();
  }

  private Behavior<Message> onRecordFailed(RecordFailed failed) {
    RecordComponent component = failed.component();
    components.remove(component.id());
    LOG.warn("recording refused", failed.failure());
    answer(component.startedBy(), Optional.of(refusal(failed.failure())));
    return endIfDone();
  }

  private Behavior<Message> onComponentCommand(ComponentCommandReceived received) {
    IQ iq = received.iq();
    Optional<StanzaError> refusal = control.claim(iq.getFrom());
    RecordComponent component = components.get(received.component());
    if (component == null || !component.isStarted()) {
      return answer(
          iq,
          Optional.of(
              StanzaError.itemNotFound("the call has no component " + received.component())));
    }
    return answer(iq, refusal.or(() -> component.command(iq.getFrom(), received.command())));
  }

  private Behavior<Message> onMediaEvent(MediaHappened happened) {
    happened
        .event()
        .handle(
            new MediaEvent.Handler() {
              @Override
              public void ended(MediaEvent.Ended event) {
                ended = Optional.of(event);
                state = new CallState.Over();
                LOG.info("ended: {}", event.reason());
              }

              @Override
              public void recordingEnded(MediaEvent.RecordingEnded event) {
                onCaptured(event.recording());
              }
            });
    return endIfDone();
  }

  private void onCaptured(CapturedRecording captured) {
    components.values().stream()
        .filter(c -> c.manifest().recordingId().equals(captured.recordingId()))
        .findFirst()
        .ifPresent(
            component -> {
              component.captured(captured);
              if (component.isStarted()) {
                finish(component, captured);
              }
            });
  }

  private void finish(RecordComponent component, CapturedRecording captured) {
    component.captured(captured);
    context.pipeToSelf(
        environment.recordings().finish(component.manifest(), captured),
        (finished, failure) -> new RecordFinished(component, finished));
  }

  private Behavior<Message> onRecordFinished(RecordFinished message) {
    RecordComponent component = message.component();
    Finished finished = message.finished();
    components.remove(component.id());
    environment.directory().removeComponent(id, component.id());
    CapturedRecording captured = finished.captured();
    LOG.info(
        "recording {} complete: {}, {} ms, {} bytes at {}",
        component.id(),
        captured.cause(),
        captured.duration().toMillis(),
        captured.sizeBytes(),
        finished.uri());
    environment
        .clients()
        .tell(
            component.owner(),
            presence(component.address(), component.owner(), component.complete(finished)),
            () -> environment.recordings().announced(finished));
    return endIfDone();
  }

  /** The call is over and nothing of it is left to wait for: everybody concerned is told. */
  private Behavior<Message> endIfDone() {
    if (ended.isEmpty() || executing || !components.isEmpty()) {
      return Behaviors.same();
    }
    MediaEvent.Ended last = ended.get();
    RayoEvent.End end = new RayoEvent.End(last.reason(), last.platformCode(), last.headers());
    environment.directory().remove(id);
    Set<JID> informed = control.informed();
    for (JID client : informed) {
      environment.clients().tell(client, presence(address, client, end), () -> {});
      environment.clients().unwatch(client, watcher);
    }
    environment.directory().settle();
    return Behaviors.stopped();
  }

  private Behavior<Message> onClientGone(ClientGone gone) {
    if (control.isControlledBy(gone.client())) {
      LOG.info(
          "{} is away; the call is hung up in {} s unless it comes back",
          gone.client(),
          environment.controllerGrace().toSeconds());
      timers.startSingleTimer(new GraceOver(), environment.controllerGrace());
      return Behaviors.same();
    }
    control.withdraw(gone.client());
    if (control.abandoned() && ended.isEmpty()) {
      LOG.info("nobody is left to take the call");
      refuse();
    }
    return Behaviors.same();
  }

  private Behavior<Message> onClientBack(ClientBack back) {
    if (control.isControlledBy(back.client())) {
      timers.cancel(new GraceOver());
    }
    return Behaviors.same();
  }

  private Behavior<Message> onGraceOver() {
    LOG.info("the controlling party has not come back: hanging up");
    hangUp();
    return Behaviors.same();
  }

  private Behavior<Message> onShutdown() {
    hangUp();
    return Behaviors.same();
  }

  private void hangUp() {
    if (ended.isPresent()) {
      return;
    }
    media
        .hangup(List.of())
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("could not hang up", failure);
              }
            });
  }

  private Behavior<Message> answer(IQ iq, Optional<StanzaError> refusal) {
    environment.stream()
        .send(
            refusal
                .map(error -> StanzaErrors.reply(iq, error))
                .orElseGet(() -> IQ.createResultIQ(iq)));
    return Behaviors.same();
  }

  private Presence presence(JID from, JID to, RayoEvent event) {
    return RayoWriter.presence(from, to, event, environment.now());
  }

  /** The one place where a failure becomes what a client reads. */
  private static StanzaError refusal(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof MediaException mediaException) {
      return StanzaErrors.of(mediaException);
    }
    return StanzaError.resourceConstraint(
        "the recording could not be journalled: the spool is full, slow or not writable");
  }
}
