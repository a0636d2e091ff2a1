package org.rayo.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rayo.call.CallActor.CommandDone;
import org.rayo.call.CallActor.CommandReceived;
import org.rayo.call.CallActor.ComponentCommandReceived;
import org.rayo.call.CallState.Outcome;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CallCommand.Hangup;
import org.rayo.protocol.JoinTarget;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.rayo.recording.CallNote;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * One call: owns its id, its control, its components, and the order of everything said about it.
 *
 * <p>Commands are executed one after the other; only a hang-up passes those that wait. What takes
 * time comes back as a message. A call that is over waits for its components, then tells everybody
 * concerned, and is closed. Not thread safe: lives on its {@link CallActor}.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session">XEP-0327, session</a>
 */
final class Call {

  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  /** Commands that may wait for the one that is being executed. */
  static final int WAITING_LIMIT = 100;

  private final CallEnvironment environment;
  private final MediaCall media;
  private final CallMailbox mailbox;
  private final String id;
  private final CallStanzas stanzas;
  private final CallParties parties;
  private final ControllerAbsence absence;
  private final PartyComponents components;
  private final CallJoins joins;
  private final CallMessages messages;
  private final CallOffering offering;
  private final CallNotebook notebook;
  private final Deque<CommandReceived> waiting = new ArrayDeque<>();
  private CallState state;

  /** Whose quota it is of, when it was dialled. */
  private Optional<JID> dialler = Optional.empty();

  private Execution execution = Execution.IDLE;
  private Optional<MediaEvent.Ended> ended = Optional.empty();
  private Ending ending = Ending.UP;

  /** Whether the media is busy with a command. */
  private enum Execution {
    IDLE,
    UNDER_WAY
  }

  /** How much of the call's end is behind it. */
  private enum Ending {
    /** Nobody has been told of one. */
    UP,
    /** It is being written down. */
    NOTED,
    /** Everybody has been told; what is still in the mailbox is answered. */
    TOLD,
    CLOSED
  }

  Call(
      CallEnvironment environment,
      String id,
      MediaCall media,
      CallMailbox mailbox,
      Consumer<Switchboard.Message> switchboard) {
    this.environment = environment;
    this.media = media;
    this.mailbox = mailbox;
    this.id = id;
    this.state = new CallState.Offered(media);
    JID address = new JID(id, environment.domain(), null, true);
    this.stanzas = new CallStanzas(address, environment);
    this.parties = new CallParties(environment, stanzas, mailbox, media.to());
    this.absence = new ControllerAbsence(environment.control(), mailbox);
    this.components =
        new PartyComponents(
            environment,
            PartyKey.ofCall(id),
            address,
            media,
            new RecordedParty(id, media.from().toString(), media.to().toString(), false),
            stanzas,
            mailbox,
            parties);
    this.joins = new CallJoins(environment, address, media, stanzas, parties, switchboard);
    this.offering = new CallOffering(media, parties, mailbox);
    this.notebook = new CallNotebook(environment, id, media, parties);
    this.messages = new CallMessages(environment, address, media, mailbox, parties);
  }

  /** Everybody has been told of the end, and nothing is left to answer. */
  boolean isClosed() {
    return ending == Ending.CLOSED;
  }

  CallMessages messages() {
    return messages;
  }

  void announce() {
    media.listen(event -> mailbox.tell(new CallActor.MediaHappened(event)));
    offer();
  }

  /**
   * A client has dialled it, and controls it from before it is told its address: whatever it
   * commands then comes after.
   */
  void dialled(IQ ref, List<CallCommand.Join> nested) {
    JID client = ref.getTo();
    dialler = Optional.of(client);
    // A server that is being stopped has hung it up already.
    state = state.isOver() ? state : new CallState.Dialled(media);
    parties.dialledBy(client);
    joins.nest(nested);
    environment.stream().send(ref);
    LOG.info(
        "call to {} from {} ({}) dialled by {}",
        media.to(),
        media.from(),
        media.signallingId(),
        client);
    noteProgress();
    media.listen(event -> mailbox.tell(new CallActor.MediaHappened(event)));
  }

  /** Offers the call to whoever is next, unless somebody has taken it. */
  void offer() {
    if (ended.isPresent() || state.isOver() || parties.controller().isPresent()) {
      return;
    }
    CallOffering.Result result = offering.next();
    if (result == CallOffering.Result.OFFERED) {
      noteProgress();
    } else if (result == CallOffering.Result.TO_NOBODY) {
      refuse();
    }
  }

  /** Nobody can take the call. */
  private void refuse() {
    CallState before = state;
    state = new CallState.Over();
    onFailure(
        media.reject(MediaCall.RejectReason.UNAVAILABLE, List.of()),
        failure -> new CallActor.RefusalFailed(before, failure));
  }

  void refusalFailed(CallState before, Throwable failure) {
    if (ended.isEmpty()) {
      LOG.warn("the call could not be refused and is hung up", failure);
      hangUp(before);
    }
  }

  void command(CommandReceived received) {
    IQ iq = received.iq();
    if (ending != Ending.UP) {
      stanzas.refuse(iq, callIsOver());
      return;
    }
    Optional<JID> controller = parties.controller();
    Optional<StanzaError> refusal = parties.claim(iq.getFrom());
    controlledSince(controller);
    if (refusal.isPresent()) {
      stanzas.refuse(iq, refusal.orElseThrow());
    } else if (execution == Execution.IDLE || received.command() instanceof Hangup) {
      execute(received);
    } else if (waiting.size() < WAITING_LIMIT) {
      waiting.add(received);
    } else {
      stanzas.refuse(
          iq,
          StanzaError.resourceConstraint(
              WAITING_LIMIT + " commands to this call are waiting already"));
    }
  }

  /** Whether another has taken the place of the controlling party: then its absence is over. */
  private void controlledSince(Optional<JID> before) {
    if (before.isPresent() && !before.equals(parties.controller())) {
      absence.ends();
      joins.controlledBy(parties.controller().orElseThrow());
      noteProgress();
    }
  }

  private static StanzaError callIsOver() {
    return StanzaError.itemNotFound("the call is over");
  }

  private void execute(CommandReceived received) {
    received.command().handle(state).handle(new Outcomes(received.iq()));
  }

  /** Carries out what a state made of a command. */
  private final class Outcomes implements Outcome.Handler {
    private final IQ iq;

    Outcomes(IQ iq) {
      this.iq = iq;
    }

    @Override
    public void done(CallState.Done done) {
      stanzas.result(iq);
    }

    @Override
    public void refused(CallState.Refused refused) {
      stanzas.refuse(iq, refused.error());
    }

    @Override
    public void underWay(CallState.UnderWay underWay) {
      execution = Execution.UNDER_WAY;
      mailbox.tellOf(
          underWay.work(), (done, failure) -> new CommandDone(iq, underWay.next(), failure));
    }

    @Override
    public void hangingUp(CallState.HangingUp hangingUp) {
      watchHangUp(state, hangingUp.work());
      stanzas.result(iq);
    }

    @Override
    public void startRecord(CallState.StartRecord start) {
      components.recordings().start(iq, start.command());
    }

    @Override
    public void startComponent(CallState.StartComponent start) {
      start.start().accept(components.others(), iq);
    }

    @Override
    public void joining(CallState.Joining joining) {
      execution = Execution.UNDER_WAY;
      joins.join(iq, joining.command());
    }

    @Override
    public void unjoining(CallState.Unjoining unjoining) {
      execution = Execution.UNDER_WAY;
      joins.unjoin(iq, unjoining.command());
    }
  }

  void commandDone(CommandDone done) {
    execution = Execution.IDLE;
    if (done.failure().isPresent()) {
      stanzas.refuse(done.iq(), Failures.toStanzaError(done.failure().orElseThrow()));
    } else {
      // What has ended or is being hung up meanwhile stays so.
      state = state.isOver() ? state : done.next();
      stanzas.result(done.iq());
    }
    proceed();
  }

  /** A command has been carried out: the next. */
  private void proceed() {
    while (execution == Execution.IDLE && !waiting.isEmpty()) {
      execute(waiting.remove());
    }
    endIfDone();
  }

  void componentCommand(ComponentCommandReceived received) {
    IQ iq = received.iq();
    if (ending != Ending.UP) {
      stanzas.refuse(iq, callIsOver());
      return;
    }
    Optional<JID> controller = parties.controller();
    parties.heardFrom(iq.getFrom());
    controlledSince(controller);
    components.command(iq, received.component(), received.command());
    endIfDone();
  }

  void news(ComponentNews news) {
    news.bringTo(components);
    endIfDone();
  }

  void joinAsked(SecurityZone zone, CompletableFuture<MediaCall> answer) {
    joins.asked(zone, state.isOver(), answer);
  }

  void joinAnswered(CallActor.JoinAnswered answered) {
    if (answered.iq().isEmpty()) {
      answered
          .refusal()
          .ifPresent(error -> joins.nestedRefused(answered.target().orElseThrow(), error));
      return;
    }
    IQ iq = answered.iq().get();
    execution = Execution.IDLE;
    if (answered.refusal().isPresent()) {
      stanzas.refuse(iq, answered.refusal().get());
    } else if (answered.made().isPresent()) {
      stanzas.result(iq, environment.clients().dialectOf(iq.getFrom()).ref(answered.made().get()));
    } else {
      stanzas.result(iq);
    }
    proceed();
  }

  void joined(PartyKey other, JoinTarget target) {
    if (ended.isEmpty()) {
      joins.joined(other, target);
      absence.activity(isIdle());
    }
  }

  void unjoined(PartyKey other) {
    joins.unjoined(other);
    absence.activity(isIdle());
  }

  void media(MediaEvent event) {
    event.handle(
        new ComponentEvents(components) {
          @Override
          public void ended(MediaEvent.Ended event) {
            LOG.info("ended: {}", event.reason());
            ended = ended.or(() -> Optional.of(event));
            state = new CallState.Over();
            components.partyEnded();
            joins.callEnded();
          }

          @Override
          public void ringing(MediaEvent.Ringing event) {
            tellController(new RayoEvent.Ringing(event.headers()));
          }

          @Override
          public void answered(MediaEvent.Answered event) {
            if (!state.isOver()) {
              state = new CallState.Answered(media);
              tellController(new RayoEvent.Answered(event.headers()));
              joins.mediaFlows(true);
            }
          }

          @Override
          public void earlyMedia(MediaEvent.EarlyMedia event) {
            if (!state.isOver()) {
              joins.mediaFlows(false);
            }
          }

          @Override
          public void messageReceived(MediaEvent.MessageReceived event) {
            messages.received(event.text());
          }

          @Override
          public void dialogChanged(MediaEvent.DialogChanged event) {
            noteProgress();
          }
        });
    endIfDone();
  }

  private void tellController(RayoEvent event) {
    parties.controller().ifPresent(client -> stanzas.event(client, event));
  }

  void clientGone(JID client) {
    parties.left(client);
    if (parties.isControlledBy(client)) {
      if (absence.begins(client, isIdle())) {
        hangUp(state);
      }
    } else if (parties.isAbandoned() && !state.isOver()) {
      LOG.info("nobody of those is left to whom the call was offered");
      offer();
    }
  }

  /** Nothing is joined to the call, and no component runs. */
  private boolean isIdle() {
    return components.isEmpty() && joins.isEmpty();
  }

  void clientBack(JID client) {
    parties.returned(client);
    if (parties.isControlledBy(client)) {
      absence.ends();
    }
  }

  void graceOver() {
    if (absence.isOver()) {
      LOG.info("the controlling party has not come back: hanging up");
      hangUp(state);
    }
  }

  void shutdown() {
    hangUp(state);
  }

  private void hangUp(CallState before) {
    if (ended.isEmpty()) {
      watchHangUp(before, media.hangup(List.of()));
    }
  }

  private void watchHangUp(CallState before, CompletionStage<Void> work) {
    state = new CallState.Over();
    onFailure(work, failure -> new CallActor.HangUpFailed(before, failure));
  }

  /** Whoever asked has been answered, so all that is left is to let it be asked again. */
  void hangUpFailed(CallState before, Throwable failure) {
    if (ended.isEmpty()) {
      LOG.error("the call could not be hung up", failure);
      state = before;
    }
  }

  private void onFailure(
      CompletionStage<Void> work, Function<Throwable, CallActor.Message> message) {
    work.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            mailbox.tell(message.apply(failure));
          }
        });
  }

  /** The call is over and nothing of it is left to wait for: everybody concerned is told. */
  private void endIfDone() {
    absence.activity(isIdle());
    if (ended.isEmpty()
        || ending != Ending.UP
        || execution == Execution.UNDER_WAY
        || !components.isEmpty()) {
      return;
    }
    joins.tellAllUnjoined();
    // From here on nobody finds the call; what was sent to it before is in the mailbox.
    environment.directory().remove(id);
    CallNote.End end = new CallNote.End(ended.orElseThrow(), environment.now());
    ending = Ending.NOTED;
    absence.ends();
    // Written down first, so that it is the same should another run have to tell it.
    mailbox.tellOf(notebook.end(end), (done, failure) -> new CallActor.EndNoted(end));
  }

  void endNoted(CallNote.End end) {
    dialler.ifPresent(environment.clients().calls()::giveBack);
    parties.tellEnd(end, () -> environment.calls().forget(id));
    ending = Ending.TOLD;
    mailbox.tell(new CallActor.NothingFollows());
  }

  private void noteProgress() {
    if (ending == Ending.UP) {
      notebook.progress();
    }
  }

  void nothingFollows() {
    ending = Ending.CLOSED;
    environment.directory().settled();
  }
}
