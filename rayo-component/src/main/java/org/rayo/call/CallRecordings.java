package org.rayo.call;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaParty;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.rayo.protocol.CommandRefusedException;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.RecordingHints;
import org.rayo.protocol.StanzaError;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings.Finished;
import org.rayo.recording.StoragePlan;
import org.rayo.storage.NameTemplate;
import org.rayo.storage.RecordingFacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * The record components of one call or mixer. Each gets its {@code <ref/>} or an error, and after
 * the ref exactly one {@code <complete/>}, by {@link #finished} and nowhere else.
 */
final class CallRecordings {

  private static final Logger LOG = LoggerFactory.getLogger(CallRecordings.class);

  /** Of one call, so that one client cannot take them all. */
  static final int RECORDINGS_AT_ONCE = 64;

  private final CallEnvironment environment;
  private final PartyKey key;
  private final JID call;
  private final MediaParty media;
  private final RecordedParty recorded;
  private final CallStanzas stanzas;
  private final Mailbox<? super ComponentNews> mailbox;
  private final PartyComponents.Owners owners;
  private final Map<String, RecordComponent> components = new LinkedHashMap<>();

  /** Recordings of this call so far. */
  private int begun;

  CallRecordings(
      CallEnvironment environment,
      PartyKey key,
      JID call,
      MediaParty media,
      RecordedParty recorded,
      CallStanzas stanzas,
      Mailbox<? super ComponentNews> mailbox,
      PartyComponents.Owners owners) {
    this.environment = environment;
    this.key = key;
    this.call = call;
    this.media = media;
    this.recorded = recorded;
    this.stanzas = stanzas;
    this.mailbox = mailbox;
    this.owners = owners;
  }

  /** Every component is complete. */
  boolean isEmpty() {
    return components.isEmpty();
  }

  /** Another has taken the place of this one: what was its is the other's. */
  void succeed(JID before, JID now) {
    components.values().forEach(component -> component.succeed(before, now));
  }

  /** Starts a component, and answers the command once it runs or cannot. */
  void start(IQ iq, RecordCommand command) {
    if (components.size() >= RECORDINGS_AT_ONCE) {
      stanzas.refuse(
          iq,
          StanzaError.resourceConstraint(
              RECORDINGS_AT_ONCE + " recordings of this call are running; no more are allowed"));
      return;
    }
    Dialect dialect = environment.clients().dialectOf(iq.getFrom());
    RecordComponent component;
    try {
      component = component(iq, dialect, command);
    } catch (CommandRefusedException e) {
      stanzas.refuse(iq, e.error());
      return;
    }
    Optional<StanzaError> full = environment.quota().claim(iq.getFrom());
    if (full.isPresent()) {
      stanzas.refuse(iq, full.orElseThrow());
      return;
    }
    components.put(component.id(), component);
    RecordingRequest request = component.request();
    mailbox.tellOf(
        environment
            .recordings()
            .begin(component.manifest(), request, target -> media.record(request, target)),
        (recording, failure) ->
            failure
                .<ComponentNews>map(cause -> new ComponentNews.RecordFailed(component, cause))
                .orElseGet(() -> new ComponentNews.RecordBegun(component, recording)));
  }

  private RecordComponent component(IQ iq, Dialect dialect, RecordCommand command)
      throws CommandRefusedException {
    RecordingRequest request =
        recorded.isMixer()
            ? dialect.mixerRequest(command, environment.participantChannels())
            : dialect.request(command);
    RecordingHints hints = command.hints();
    hints.requireMinDurationWithin(environment.longestRecording());
    StoragePlan storage = environment.storage();
    NameTemplate name = hints.nameAmong(storage.names());
    List<String> stores = hints.storesAmong(storage.configured());
    JID address = new JID(call.getNode(), call.getDomain(), Ids.component(), true);
    Instant now = environment.now();
    begun++;
    String recordingId = recorded.idPrefix() + "-" + address.getResource();
    Manifest manifest =
        Manifest.begun(
            recordingId,
            new Manifest.Origin(
                call.getNode(),
                address.getResource(),
                iq.getFrom().toString(),
                dialect.token(),
                recorded.from(),
                recorded.to()),
            request.format(),
            request.direction(),
            now,
            storage.deliveries(
                stores,
                hints.name().map(chosen -> name),
                name,
                facts(recordingId, address.getResource(), iq.getFrom(), request, now, hints)),
            hints.minDuration(),
            hints.meta());
    return new RecordComponent(address, iq, dialect, request, manifest);
  }

  private RecordingFacts facts(
      String recordingId,
      String component,
      JID client,
      RecordingRequest request,
      Instant now,
      RecordingHints hints) {
    return new RecordingFacts(
        recordingId,
        call.getNode(),
        component,
        begun == 1,
        client.toBareJID(),
        recorded.from(),
        recorded.to(),
        request.format().token(),
        now,
        UUID.randomUUID(),
        recorded.isMixer() ? Optional.of(call.getNode()) : Optional.empty(),
        hints.meta());
  }

  /** Capture runs: the client is told so, before anything else of this component. */
  void begun(RecordComponent component, MediaRecording recording) {
    environment.directory().addComponent(key, component.id());
    stanzas.result(component.startedBy(), component.dialect().ref(component.address()));
    RecordingRequest request = component.request();
    LOG.info(
        "recording {} begun: {}, {}{}",
        component.id(),
        request.format().token(),
        request.direction().name().toLowerCase(Locale.ROOT),
        channels(request));
    component.begun(recording).ifPresent(captured -> finish(component, captured));
  }

  private static String channels(RecordingRequest request) {
    return switch (request.channels()) {
      case 1 -> "";
      case 2 -> ", stereo";
      default -> ", " + request.channels() + " channels";
    };
  }

  /** Capture could not begin; there never was such a component. */
  void failed(RecordComponent component, Throwable failure) {
    components.remove(component.id());
    environment.quota().giveBack(component.owner());
    stanzas.refuse(
        component.startedBy(), Failures.ofRecording(failure, component.request().format()));
  }

  /** Carries out a command to a component, and answers it. */
  void command(IQ iq, String id, ComponentCommand command) {
    RecordState.Step step =
        Optional.ofNullable(components.get(id))
            .map(
                component ->
                    component.command(
                        owners.ownerOf(component.owner()).equals(iq.getFrom()), command))
            .orElseGet(() -> command.handle(new RecordState.Complete()));
    if (step instanceof RecordState.Refused refused) {
      stanzas.refuse(iq, refused.error());
      return;
    }
    stanzas.result(iq);
    ((RecordState.Next) step)
        .work()
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("recording {} could not be commanded", id, failure);
              }
            });
  }

  /** A file is complete. */
  void captured(CapturedRecording captured) {
    components.values().stream()
        .filter(component -> component.manifest().recordingId().equals(captured.recordingId()))
        .findFirst()
        .ifPresent(
            component ->
                component
                    .captured(captured)
                    .ifPresent(announceable -> finish(component, announceable)));
  }

  private void finish(RecordComponent component, CapturedRecording captured) {
    mailbox.tellOf(
        environment.recordings().finish(component.manifest(), captured),
        (finished, failure) ->
            new ComponentNews.RecordFinished(
                component,
                failure
                    .map(
                        cause -> {
                          LOG.error("recording {} is not delivered", component.id(), cause);
                          return Finished.lost(component.manifest(), captured, environment.now());
                        })
                    .orElse(finished)));
  }

  /** The one exit: the recording can be read, or never will be, and its client is told. */
  void finished(RecordComponent component, Finished finished) {
    if (components.remove(component.id()) == null) {
      return;
    }
    environment.quota().giveBack(component.owner());
    environment.directory().removeComponent(key, component.id());
    CapturedRecording captured = finished.captured();
    LOG.info(
        "recording {} complete: {}, {} ms, {} bytes at {}",
        component.id(),
        captured.cause(),
        captured.duration().toMillis(),
        finished.told().sizeBytes(),
        finished.shownUri());
    Presence complete = Completion.of(call.getDomain(), finished);
    complete.setTo(owners.ownerOf(component.owner()));
    stanzas.complete(complete, () -> environment.recordings().announced(finished));
  }
}
