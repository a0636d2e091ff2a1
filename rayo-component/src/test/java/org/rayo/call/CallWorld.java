package org.rayo.call;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.dom4j.DocumentException;
import org.dom4j.DocumentHelper;
import org.rayo.call.ControlSettings.ControllerGone;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.RayoCommand;
import org.rayo.protocol.RayoReader;
import org.rayo.protocol.StanzaErrors;
import org.rayo.recording.StoragePlan;
import org.rayo.storage.NameTemplate;
import org.rayo.xmpp.Disco;
import org.rayo.xmpp.EntityKind;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;
import org.xmpp.packet.Presence;

/**
 * One call with everything around it, on one thread and in virtual time: messages wait until they
 * are delivered, the media and the disk do what they are told.
 */
final class CallWorld {

  static final String DOMAIN = "rayo.example.org";
  static final JID ROMEO = new JID("romeo@example.org/garden");
  static final JID JULIET = new JID("juliet@example.org/balcony");
  static final JID TYBALT = new JID("tybalt@example.org/street");
  static final Duration GRACE = Duration.ofMinutes(5);
  static final Duration IDLE_TIMEOUT = Duration.ofMinutes(2);
  static final Duration LONGEST_RECORDING = Duration.ofHours(3);

  static final String ACCEPT = "<accept xmlns='urn:xmpp:rayo:1'/>";
  static final String ANSWER = "<answer xmlns='urn:xmpp:rayo:1'/>";
  static final String HANGUP = "<hangup xmlns='urn:xmpp:rayo:1'/>";
  static final String REJECT = "<reject xmlns='urn:xmpp:rayo:1'><busy/></reject>";
  static final String REDIRECT = "<redirect xmlns='urn:xmpp:rayo:1' to='sip:a@example.org'/>";
  static final String RECORD = "<record xmlns='urn:xmpp:rayo:record:1'/>";
  static final String STOP = "<stop xmlns='urn:xmpp:rayo:ext:1'/>";
  static final String PAUSE = "<pause xmlns='urn:xmpp:rayo:record:1'/>";
  static final String RESUME = "<resume xmlns='urn:xmpp:rayo:record:1'/>";

  final FakeClock clock = new FakeClock();
  final FakeStream stream = new FakeStream();
  final FakePings pings = new FakePings();
  final FakeCallNotes notes = new FakeCallNotes();
  final FakeRecordings recordings = new FakeRecordings();
  final FakeMediaCall media = new FakeMediaCall();
  final Clients clients;
  final ClientQuota quota;
  final CallDirectory directory = new CallDirectory(SecurityZone.Extent.BARE_JID);
  final JID address = new JID("c1", DOMAIN, null);
  final Deque<CallActor.Message> mailbox = new ConcurrentLinkedDeque<>();
  final Call call;

  /** What the call has asked the switchboard for. */
  final List<Switchboard.Message> switchboard = new CopyOnWriteArrayList<>();

  private final Deque<IQ> commands = new ArrayDeque<>();
  private final Map<String, CallActor.Message> timers = new HashMap<>();
  private boolean graceRuns;
  private long graceNumber;
  private long offerNumber;

  CallWorld() {
    this(0);
  }

  /**
   * @param recordingsPerClient 0: no limit
   */
  CallWorld(int recordingsPerClient) {
    this(recordingsPerClient, new DialectPolicy(Dialect.WIKI, List.of()));
  }

  CallWorld(DialectPolicy dialects) {
    this(0, dialects);
  }

  CallWorld(ControlSettings control) {
    this(0, new DialectPolicy(Dialect.WIKI, List.of()), control);
  }

  private CallWorld(int recordingsPerClient, DialectPolicy dialects) {
    this(recordingsPerClient, dialects, control(OfferPolicy.toAll()));
  }

  private CallWorld(int recordingsPerClient, DialectPolicy dialects, ControlSettings control) {
    quota = ClientQuota.ofRecordings(recordingsPerClient);
    clients = new Clients(new JID(DOMAIN), stream, pings, dialects, clock, 1000);
    CallEnvironment environment =
        new CallEnvironment(
            DOMAIN,
            Disco.standard().caps(EntityKind.CALL).element(),
            Disco.standard().caps(EntityKind.MIXER).element(),
            stream,
            clients,
            directory,
            recordings,
            notes,
            storage(
                Map.of(
                    "default",
                    NameTemplate.DEFAULT,
                    "by-caller",
                    NameTemplate.parse("{from}/{meta.case}"))),
            LONGEST_RECORDING,
            8,
            quota,
            control,
            Clock.fixed(clock.now(), ZoneOffset.UTC));
    call = new Call(environment, "c1", media, new VirtualMailbox(), switchboard::add);
    clients.connected();
  }

  /** The standard settings, with these offers. */
  static ControlSettings control(OfferPolicy offers) {
    return new ControlSettings(
        offers, SecurityZone.Extent.BARE_JID, ControllerGone.GRACE, GRACE, IDLE_TIMEOUT);
  }

  private final class VirtualMailbox implements CallMailbox {
    @Override
    public void tell(CallActor.Message message) {
      mailbox.add(message);
    }

    @Override
    public <T> void tellOf(
        CompletionStage<T> stage, BiFunction<T, Optional<Throwable>, CallActor.Message> message) {
      stage.whenComplete(
          (value, failure) -> mailbox.add(message.apply(value, Optional.ofNullable(failure))));
    }

    @Override
    public void offerAgain(Duration pause) {
      long number = ++offerNumber;
      clock.after(
          pause,
          () -> {
            if (number == offerNumber) {
              mailbox.add(new CallActor.OfferAgain());
            }
          });
    }

    @Override
    public void startGrace(Duration grace) {
      graceRuns = true;
      long number = ++graceNumber;
      clock.after(
          grace,
          () -> {
            if (graceRuns && number == graceNumber) {
              mailbox.add(new CallActor.GraceOver());
            }
          });
    }

    @Override
    public void stopGrace() {
      graceRuns = false;
    }

    @Override
    public void startTimer(String name, CallActor.Message message, Duration time) {
      timers.put(name, message);
      clock.after(
          time,
          () -> {
            if (timers.remove(name, message)) {
              mailbox.add(message);
            }
          });
    }

    @Override
    public void stopTimer(String name) {
      timers.remove(name);
    }
  }

  /** Delivers the oldest message; false when there is none. */
  boolean deliverOne() {
    Optional<CallActor.Message> next = Optional.ofNullable(mailbox.poll());
    next.filter(message -> !call.isClosed()).ifPresent(message -> message.bringTo(call));
    return next.isPresent();
  }

  /** Delivers until nothing is left. */
  CallWorld deliver() {
    boolean delivered;
    do {
      delivered = deliverOne();
    } while (delivered);
    return this;
  }

  /** A presence without a type: its sender is there and takes offers. */
  static Presence availablePresence(JID from) {
    Presence presence = new Presence();
    presence.setFrom(from);
    presence.setTo(DOMAIN);
    return presence;
  }

  static Presence unavailablePresence(JID from) {
    Presence presence = availablePresence(from);
    presence.setType(Presence.Type.unavailable);
    return presence;
  }

  /** The client is there and takes offers. */
  CallWorld available(JID client) {
    clients.presence(availablePresence(client));
    return this;
  }

  CallWorld unavailable(JID client) {
    clients.presence(unavailablePresence(client));
    return this;
  }

  CallWorld announce() {
    mailbox.add(new CallActor.Announce());
    return deliver();
  }

  /** Puts a command to the call into its mailbox. */
  IQ sends(JID client, String xml) {
    return sends(client, "", xml);
  }

  /**
   * Puts a command to a component into the call's mailbox; with an empty name, to the call. One
   * that cannot be read is refused before, as the dispatcher does it.
   */
  IQ sends(JID client, String component, String xml) {
    IQ iq = new IQ(IQ.Type.set, "iq" + commands.size());
    iq.setFrom(client);
    iq.setTo(component.isEmpty() ? address : new JID("c1", DOMAIN, component));
    clients.heard(iq);
    try {
      iq.setChildElement(DocumentHelper.parseText(xml).getRootElement());
      RayoCommand command = RayoReader.read(iq.getChildElement(), clients.dialectOf(client));
      mailbox.add(
          command instanceof ComponentCommand forComponent
              ? new CallActor.ComponentCommandReceived(iq, component, forComponent)
              : new CallActor.CommandReceived(iq, (CallCommand) command));
    } catch (CommandRefusedException e) {
      stream.send(StanzaErrors.reply(iq, e.error()));
    } catch (DocumentException e) {
      throw new AssertionError(e);
    }
    commands.add(iq);
    return iq;
  }

  /** Sends a command and delivers everything, with the answer to that command if there is one. */
  Optional<IQ> commands(JID client, String component, String xml) {
    IQ iq = sends(client, component, xml);
    deliver();
    return answer(iq);
  }

  /** The one answer to a command, if it has been answered. */
  Optional<IQ> answer(IQ command) {
    List<IQ> answers =
        stream.sent().stream()
            .filter(IQ.class::isInstance)
            .map(IQ.class::cast)
            .filter(iq -> iq.getID().equals(command.getID()))
            .toList();
    if (answers.size() > 1) {
      throw new AssertionError("answered twice: " + answers);
    }
    return answers.stream().findFirst();
  }

  /** Every command sent. */
  List<IQ> commands() {
    return List.copyOf(commands);
  }

  /** A call that is answered and controlled by this client. */
  static CallWorld answered(JID... availableClients) {
    return answered(0, availableClients);
  }

  static CallWorld answered(int recordingsPerClient, JID... availableClients) {
    CallWorld world = new CallWorld(recordingsPerClient);
    for (JID client : availableClients) {
      world.available(client);
    }
    world.announce();
    world.sends(availableClients[0], ANSWER);
    world.deliver();
    world.media.next().done().complete(null);
    return world.deliver();
  }

  /** Starts a recording that runs, and gives the name of its component. */
  String records(JID client) {
    IQ command = sends(client, RECORD);
    deliver();
    FakeMediaCall.Capture capture = media.captures.get(media.captures.size() - 1);
    capture.begin();
    deliver();
    return component(answer(command).orElseThrow());
  }

  /** The component that a ref names. */
  static String component(IQ ref) {
    String uri = ref.getChildElement().attributeValue("uri");
    return new JID(uri.substring("xmpp:".length())).getResource();
  }

  /** In short, what was sent, oldest first: type, sender's resource, recipient, payload. */
  List<String> wire() {
    return stream.sent().stream().map(CallWorld::brief).toList();
  }

  static String brief(Packet packet) {
    if (packet instanceof Presence presence) {
      return presence.getElement().elements().stream()
              .map(element -> element.getName())
              .filter(name -> List.of("offer", "end", "complete").contains(name))
              .findFirst()
              .orElse("?")
          + " to "
          + presence.getTo().getNode();
    }
    IQ iq = (IQ) packet;
    return iq.getType() == IQ.Type.error
        ? "error " + error(iq) + " to " + iq.getTo().getNode()
        : (iq.getChildElement() == null ? "result" : "ref") + " to " + iq.getTo().getNode();
  }

  static String error(IQ iq) {
    return iq.getError().getCondition().toXMPP() + "/" + iq.getError().getType();
  }

  /** "result", "ref", or condition and type of the error. */
  static String outcome(Optional<IQ> answer) {
    if (answer.isEmpty()) {
      return "no answer";
    }
    IQ iq = answer.orElseThrow();
    if (iq.getType() == IQ.Type.error) {
      return error(iq);
    }
    return iq.getChildElement() == null ? "result" : "ref";
  }

  /** One store, called local. */
  static StoragePlan storage(Map<String, NameTemplate> names) {
    return new StoragePlan(
        Set.of("local", "archive"), List.of("local"), Optional.empty(), Map.of(), names, "");
  }
}
