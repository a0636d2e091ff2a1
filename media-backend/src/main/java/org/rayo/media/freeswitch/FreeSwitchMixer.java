package org.rayo.media.freeswitch;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.rayo.media.DetectionRequest;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.MediaMixer;
import org.rayo.media.MediaOutput;
import org.rayo.media.MediaRecording;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.Signal;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.CallRecordings;
import org.rayo.media.call.EventOutbox;
import org.rayo.media.freeswitch.capture.CapturedAudio;
import org.rayo.media.freeswitch.capture.Side;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mixer: a conference of one server, that of the first call to join it. What all say is heard by
 * a leg of ours in it, when something needs it.
 */
final class FreeSwitchMixer implements MediaMixer, Switch.Follower {

  private static final Logger log = LoggerFactory.getLogger(FreeSwitchMixer.class);

  private static final Set<Side> ALL = EnumSet.of(Side.HEARD);

  private final String name;
  private final Environment environment;
  private final CallQueue queue;
  private final EventOutbox events;
  private final CallRecordings recordings;
  private final Listening listening;
  private final CompletableFuture<Void> departed = new CompletableFuture<>();
  private final Map<String, Member> members = new LinkedHashMap<>();
  private boolean closed;

  // Of the server where it is at home, which it leaves only before anything has come of it.
  private Conference conference;
  private Playbacks playbacks;
  private CapturedAudio captured;
  private ConferenceAudio audio;
  private boolean used;

  /** One call in it. */
  private static final class Member {
    private final FreeSwitchCall call;
    private final String participant;
    private final CompletableFuture<Void> entered = new CompletableFuture<>();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private Optional<String> id = Optional.empty();
    private boolean speaks;

    /** It was to be in it, and is not any more, but may still come in. */
    private boolean unwanted;

    Member(FreeSwitchCall call, String participant) {
      this.call = call;
      this.participant = participant;
    }
  }

  FreeSwitchMixer(String name, Environment environment, Switch server) {
    this.name = name;
    this.environment = environment;
    queue = new CallQueue(environment.workers());
    events = new EventOutbox(queue);
    recordings = new CallRecordings(environment.recorders(), queue, events);
    listening = new Listening(queue, events);
    conference = conferenceAt(server);
    playbacks = playbacks();
    captured = captured();
    audio = new ConferenceAudio("mixer " + name, captured);
    server.followConference(conference.name(), this);
  }

  private Conference conferenceAt(Switch server) {
    return new Conference(
        server, "rayo-" + UUID.randomUUID(), environment.settings().conferenceProfile());
  }

  private Playbacks playbacks() {
    return new Playbacks(
        conference,
        new PlayScript(environment.settings().playing().withoutSpeech()),
        queue,
        events,
        environment.timers());
  }

  private CapturedAudio captured() {
    Conference now = conference;
    return environment.audioOf(
        now.server(),
        "mixer " + name,
        (us, side) -> us.originate("conference", now.place(Conference.Role.MUTE)),
        this::beep);
  }

  /** The first call to come says where it is; until then its server was only a guess. */
  private void moveTo(Switch server) {
    conference.server().leaveConference(conference.name());
    conference = conferenceAt(server);
    playbacks = playbacks();
    captured = captured();
    audio = new ConferenceAudio("mixer " + name, captured);
    server.followConference(conference.name(), this);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void listen(Consumer<MediaEvent> listener) {
    events.listen(listener);
  }

  @Override
  public CompletionStage<MediaRecording> record(RecordingRequest request, RecordingTarget target) {
    if (request.participantChannels().isPresent()) {
      return Stages.failed(
          Fault.UNSUPPORTED,
          "record: FreeSWITCH gives the sum of a mixer, not a channel for each participant");
    }
    return heard(
        "record",
        () -> {
          CompletableFuture<MediaRecording> started = new CompletableFuture<>();
          recordings.start(request, target, audio, started, () -> captured.release(ALL));
          return started;
        });
  }

  @Override
  public CompletionStage<MediaOutput> output(OutputRequest request) {
    // A conference that nobody is in does not exist, and plays nothing.
    return heard(
        "output",
        () -> {
          CompletableFuture<MediaOutput> started = new CompletableFuture<>();
          playbacks.start(request, started, () -> captured.release(ALL));
          return started;
        });
  }

  @Override
  public CompletionStage<MediaDetection> detect(DetectionRequest request) {
    if (request.kinds().contains(Signal.Kind.BEEP)) {
      return Stages.failed(Fault.UNSUPPORTED, "detect: no beeps are told of a mixer");
    }
    if (Listening.sides(request).isEmpty()) {
      return Stages.asked(
          queue,
          () -> {
            requireOpen("detect");
            return CompletableFuture.completedStage(listening.keys(request));
          });
    }
    return heard(
        "detect",
        () ->
            CompletableFuture.completedStage(
                listening.start(request, audio, () -> captured.release(ALL))));
  }

  private <T> CompletionStage<T> heard(String command, Stages.Command<T> use) {
    return Stages.asked(
        queue,
        () -> {
          requireOpen(command);
          used = true;
          return captured.open(ALL).thenComposeAsync(open -> used(command, use), queue);
        });
  }

  private <T> CompletionStage<T> used(String command, Stages.Command<T> use) {
    try {
      requireOpen(command);
      return use.run();
    } catch (MediaException e) {
      captured.release(ALL);
      return CompletableFuture.failedStage(e);
    }
  }

  private void requireOpen(String command) throws MediaException {
    if (closed) {
      throw new MediaException(Fault.GONE, command + ": the mixer is closed");
    }
  }

  /** A call comes in, from its own queue. */
  CompletionStage<Void> enter(FreeSwitchCall call, JoinRequest request) {
    return Stages.asked(
        queue,
        () -> {
          requireOpen("join");
          Switch server = call.channel().server();
          if (server != conference.server() && !used) {
            moveTo(server);
          }
          if (server != conference.server()) {
            throw new MediaException(
                Fault.UNSUPPORTED,
                "join: the call is at "
                    + server.name()
                    + ", the mixer at "
                    + conference.server().name());
          }
          used = true;
          Member member = new Member(call, request.participant());
          members.put(call.channel().uuid(), member);
          call.whenOver(() -> over(call));
          return call.channel()
              .execute("conference", conference.place(role(request)), "join-" + UUID.randomUUID())
              .thenCompose(taken -> environment.bridges().within(member.entered, "conference"))
              .whenCompleteAsync(
                  (entered, failure) -> {
                    if (failure != null) {
                      sendBack(member);
                    }
                  },
                  queue);
        });
  }

  /** It is not to come in any more, or to leave as soon as it has. */
  private void sendBack(Member member) {
    member.unwanted = true;
    member.entered.completeExceptionally(
        new MediaException(Fault.GONE, "join: the call was taken out of the mixer meanwhile"));
    member.id.ifPresentOrElse(
        id -> Stages.ignore(() -> conference.leave(id)),
        () -> Stages.ignore(() -> member.call.channel().parkBoth()));
  }

  private static Conference.Role role(JoinRequest request) {
    return switch (request.direction()) {
      case DUPLEX -> Conference.Role.FULL;
      case SEND -> Conference.Role.DEAF;
      case RECV -> Conference.Role.MUTE;
    };
  }

  /** It is in it, and is to hear or say something else. */
  CompletionStage<Void> change(FreeSwitchCall call, JoinRequest request) {
    return Stages.asked(
        queue,
        () ->
            id(call)
                .map(id -> conference.change(id, role(request)))
                .orElseGet(() -> Stages.failed(Fault.WRONG_STATE, "join: it is being joined")));
  }

  /** A call leaves. */
  CompletionStage<Void> leave(FreeSwitchCall call) {
    return Stages.asked(
        queue,
        () -> {
          Member member = members.get(call.channel().uuid());
          if (member == null || member.unwanted) {
            return Stages.done();
          }
          if (member.id.isEmpty()) {
            sendBack(member);
            return Stages.done();
          }
          return conference
              .leave(member.id.get())
              .thenCompose(asked -> environment.bridges().within(member.left, "conference hup"));
        });
  }

  /** A call of it is over. */
  void over(FreeSwitchCall call) {
    queue.execute(() -> gone(call.channel().uuid()));
  }

  private Optional<String> id(FreeSwitchCall call) {
    return Optional.ofNullable(members.get(call.channel().uuid()))
        .filter(member -> !member.unwanted)
        .flatMap(member -> member.id);
  }

  @Override
  public CompletionStage<Void> close() {
    return Stages.asked(
        queue,
        () -> {
          if (closed) {
            return Stages.done();
          }
          closed = true;
          for (Member member : List.copyOf(members.values())) {
            sendBack(member);
          }
          environment.bridges().closed(this);
          leaveWhenEmpty();
          playbacks.callEnded();
          captured.callEnded(() -> queue.execute(this::ended));
          return Stages.done();
        });
  }

  /** Whoever is on the way in while it is closed must be seen to come. */
  private void leaveWhenEmpty() {
    if (closed && members.isEmpty()) {
      conference.server().leaveConference(conference.name());
    }
  }

  private void ended() {
    listening.callEnded();
    recordings.callEnded();
    log.debug("{}: closed", this);
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(recordings.allEnded(), playbacks.allEnded())
            .thenRun(() -> departed.complete(null));
  }

  /** Runs the task once it is closed and the end of all that ran on it has been told. */
  void whenDeparted(Runnable task) {
    CompletableFuture<Void> unused = departed.thenRun(task);
  }

  // What FreeSWITCH tells, on the connection's thread.

  @Override
  public void event(SwitchEvent event) {
    queue.execute(() -> happened(event));
  }

  private void happened(SwitchEvent event) {
    String uuid = event.uniqueId().orElse("");
    switch (event.header("Action").orElse("")) {
      case "add-member" -> entered(uuid, event);
      case "del-member" -> gone(uuid);
      case "start-talking" -> speaks(uuid, true);
      case "stop-talking" -> speaks(uuid, false);
      case "play-file-done" -> {
        if (event.header("Async").isEmpty()) {
          playbacks.endedCurrent();
        }
      }
      default -> {}
    }
  }

  private void entered(String uuid, SwitchEvent event) {
    Optional.ofNullable(members.get(uuid))
        .ifPresent(
            member -> {
              member.id = event.header("Member-ID");
              if (member.unwanted) {
                sendBack(member);
                return;
              }
              audio.entered(member.participant);
              member.entered.complete(null);
            });
  }

  private void gone(String uuid) {
    Optional.ofNullable(members.remove(uuid))
        .ifPresent(
            member -> {
              if (member.speaks && !member.unwanted) {
                events.put(new MediaEvent.SpeakingChanged(member.participant, false));
              }
              audio.left(member.participant);
              member.entered.completeExceptionally(
                  new MediaException(Fault.GONE, "join: the call is over"));
              member.left.complete(null);
            });
    leaveWhenEmpty();
  }

  private void speaks(String uuid, boolean now) {
    Optional.ofNullable(members.get(uuid))
        .filter(member -> member.speaks != now && !member.unwanted)
        .ifPresent(
            member -> {
              member.speaks = now;
              audio.speaks(member.participant, now);
              events.put(new MediaEvent.SpeakingChanged(member.participant, now));
            });
  }

  /** A key of a participant's. */
  void key(DtmfEvent key) {
    queue.execute(
        () -> {
          captured.key(key.digit());
          listening.key(key);
        });
  }

  private void beep(Runnable done) {
    CompletionStage<Void> unused =
        conference
            .server()
            .ask(ApiCommand.of("conference", conference.name(), "play", Beeper.BEEP, "async"))
            .handle(
                (reply, failure) -> {
                  done.run();
                  return null;
                });
  }

  /** What has played to its end meanwhile is not told again, nor who has come in. */
  @Override
  public void missedEvents() {
    queue.execute(
        () -> {
          if (playbacks.isPlaying()) {
            Stages.ignore(conference::stop);
            playbacks.lost("the connection to FreeSWITCH was lost meanwhile");
          }
          members.values().stream().filter(member -> member.unwanted).forEach(this::sendBack);
        });
  }

  @Override
  public void serverLost(String why) {
    log.warn("{}: its server is gone: {}", this, why);
    CompletionStage<Void> unused = close();
  }

  @Override
  public String toString() {
    return "mixer " + name;
  }
}
