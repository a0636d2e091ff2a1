package org.rayo.call;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.rayo.call.Component.Timer;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaParty;
import org.rayo.media.OutputRequest;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;
import org.rayo.media.Signal;
import org.rayo.protocol.CallCommand.CpaCommand;
import org.rayo.protocol.CallCommand.InputCommand;
import org.rayo.protocol.CallCommand.OutputCommand;
import org.rayo.protocol.CallCommand.PromptCommand;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.Document;
import org.rayo.protocol.Durations;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * The outputs, inputs and prompts of one call or mixer. Each gets its {@code <ref/>} or an error,
 * and after the ref exactly one {@code <complete/>}.
 */
final class CallComponents {

  private static final Logger LOG = LoggerFactory.getLogger(CallComponents.class);

  /** Of one call, so that one client cannot take them all. */
  static final int COMPONENTS_AT_ONCE = 64;

  private final CallEnvironment environment;
  private final PartyKey key;
  private final JID call;
  private final MediaParty media;
  private final CallStanzas stanzas;
  private final Mailbox<? super ComponentNews> mailbox;
  private final PartyComponents.Owners owners;
  private final Map<String, Component> components = new LinkedHashMap<>();
  private final Component.Place place = new OnCall();

  /** The command that is being carried out and is not answered. */
  private Optional<IQ> commanded = Optional.empty();

  CallComponents(
      CallEnvironment environment,
      PartyKey key,
      JID call,
      MediaParty media,
      CallStanzas stanzas,
      Mailbox<? super ComponentNews> mailbox,
      PartyComponents.Owners owners) {
    this.environment = environment;
    this.key = key;
    this.call = call;
    this.media = media;
    this.stanzas = stanzas;
    this.mailbox = mailbox;
    this.owners = owners;
  }

  /** Every component is complete. */
  boolean isEmpty() {
    return components.isEmpty();
  }

  boolean has(String id) {
    return components.containsKey(id);
  }

  /** Another has taken the place of this one: what was its is the other's. */
  void succeed(JID before, JID now) {
    components.values().forEach(component -> component.succeed(before, now));
  }

  void output(IQ iq, OutputCommand command) {
    start(iq, address -> new OutputComponent(address, iq, place, media, request(address, command)));
  }

  void input(IQ iq, InputCommand command) {
    start(iq, address -> new InputComponent(address, iq, place, media, command));
  }

  void cpa(IQ iq, CpaCommand command) {
    start(iq, address -> new CpaComponent(address, iq, place, media, command));
  }

  void prompt(IQ iq, PromptCommand command) {
    start(
        iq,
        address ->
            new PromptComponent(
                address, iq, place, media, request(address, command.output()), command));
  }

  private static OutputRequest request(JID address, OutputCommand command) {
    List<Segment> segments = new ArrayList<>();
    for (Document document : command.documents()) {
      document.segments().forEach(segment -> segments.add(voiced(segment, command.voice())));
    }
    return new OutputRequest(
        address.getResource(),
        segments,
        Duration.ofMillis(command.startOffsetMillis()),
        command.startPaused(),
        Duration.ofMillis(command.repeatIntervalMillis()),
        command.repeatTimes(),
        Durations.ofMillis(command.maxTimeMillis()));
  }

  /** Speech that does not say whose voice it wants gets the command's. */
  private static Segment voiced(Segment segment, Optional<String> voice) {
    return segment instanceof Speech speech
        ? new Speech(speech.text(), speech.language(), speech.voice().or(() -> voice))
        : segment;
  }

  private void start(IQ iq, Function<JID, Component> made) {
    if (components.size() >= COMPONENTS_AT_ONCE) {
      stanzas.refuse(
          iq,
          StanzaError.resourceConstraint(
              COMPONENTS_AT_ONCE + " components of this call are running; no more are allowed"));
      return;
    }
    Component component =
        made.apply(new JID(call.getNode(), call.getDomain(), Ids.component(), true));
    components.put(component.id(), component);
    mailbox.tellOf(
        component.begin(),
        (install, failure) ->
            failure
                .<ComponentNews>map(cause -> new ComponentNews.ComponentFailed(component, cause))
                .orElseGet(() -> new ComponentNews.ComponentBegun(component, install)));
  }

  /** It runs: the client is told so, before anything else of this component. */
  void begun(Component component, Runnable install) {
    install.run();
    environment.directory().addComponent(key, component.id());
    stanzas.result(
        component.startedBy(),
        environment.clients().dialectOf(component.owner()).ref(component.address()));
    LOG.info("{} {} begun", name(component), component.id());
    component.begun();
  }

  /** There never was such a component. */
  void failed(Component component, Throwable failure) {
    components.remove(component.id());
    stanzas.refuse(component.startedBy(), Failures.toStanzaError(failure));
  }

  /** Carries out a command to a component that is {@link #has here}, and answers it. */
  void command(IQ iq, String id, ComponentCommand command) {
    Component component = components.get(id);
    if (component == null || !component.isRunning()) {
      stanzas.refuse(
          iq, StanzaError.itemNotFound("there is no such component: it is complete, or never was"));
      return;
    }
    if (!owners.ownerOf(component.owner()).equals(iq.getFrom())) {
      stanzas.refuse(iq, StanzaError.conflict("another party started this component"));
      return;
    }
    commanded = Optional.of(iq);
    Optional<StanzaError> refusal = component.command(command);
    if (refusal.isPresent()) {
      commanded = Optional.empty();
      stanzas.refuse(iq, refusal.get());
    } else {
      answerCommand();
    }
  }

  /** The command's result, before whatever follows from it; once. */
  private void answerCommand() {
    commanded.ifPresent(stanzas::result);
    commanded = Optional.empty();
  }

  void outputEnded(MediaEvent.OutputEnded ended) {
    Optional.ofNullable(components.get(ended.outputId()))
        .ifPresent(component -> component.outputEnded(ended));
  }

  void detected(String id, Signal signal) {
    Optional.ofNullable(components.get(id)).ifPresent(component -> component.detected(signal));
  }

  void timeOut(Component component, Timer timer) {
    if (component.isRunning()) {
      component.timeOut(timer);
    }
  }

  /** The call is over: what its media does not end itself ends now. */
  void callEnded() {
    List.copyOf(components.values()).forEach(Component::callEnded);
  }

  private static String name(Component component) {
    return component.startedBy().getChildElement().getName();
  }

  private final class OnCall implements Component.Place {
    @Override
    public void complete(Component component, CompleteReason reason) {
      answerCommand();
      components.remove(component.id());
      environment.directory().removeComponent(key, component.id());
      LOG.info("{} {} complete: {}", name(component), component.id(), reason.name());
      stanzas.event(
          component.address(),
          owners.ownerOf(component.owner()),
          new RayoEvent.Complete(reason, Optional.empty()));
    }

    @Override
    public void tell(Component component, RayoEvent event) {
      stanzas.event(component.address(), owners.ownerOf(component.owner()), event);
    }

    @Override
    public void startTimer(Component component, Timer timer, Duration time) {
      mailbox.startTimer(
          component.id() + timer, new ComponentNews.ComponentTimeOut(component, timer), time);
    }

    @Override
    public void stopTimers(Component component) {
      for (Timer timer : Timer.values()) {
        mailbox.stopTimer(component.id() + timer);
      }
    }
  }
}
