package org.rayo.media.sip;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import org.rayo.media.DetectionRequest;
import org.rayo.media.Header;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.media.MediaOutput;
import org.rayo.media.MediaRecording;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.call.CallDetections;
import org.rayo.media.call.CallOutputs;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.CallRecordings;
import org.rayo.media.call.Caller;
import org.rayo.media.call.Deadline;
import org.rayo.media.call.EventOutbox;
import org.rayo.media.call.OwnCall;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A SIP call, rung in or placed by us. Commands and what the network brings go through its queue to
 * its {@link CallState}; what that decides is done here.
 */
final class EmbeddedCall implements AudioCall, OwnCall {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedCall.class);

  /** The code of a Warning that is none of the listed ones. */
  static final int MISCELLANEOUS = 399;

  private final CallEnvironment environment;
  private final CallDialog dialog;
  private final InetAddress mediaAddress;
  private final Caller caller;
  private final CallQueue queue;
  private final RequestSender sender;
  private final EventOutbox events;
  private final CallRecordings recordings;
  private final CallDetections detections;
  private final CallOutputs outputs;
  private final CallJoins joins;
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final CompletableFuture<Void> signallingDone = new CompletableFuture<>();

  // Changed on the queue only; read elsewhere for debugging.
  private volatile CallState state;
  private volatile Optional<CallMedia> media = Optional.empty();
  private volatile Optional<String> dialogState = Optional.empty();
  private final Deadline ringing;
  private final Deadline ack;
  private final Deadline rtp;

  /**
   * A call that has just come in.
   *
   * @param mediaAddress told in SDP
   * @param offer what the caller offered, empty when it leaves that to us
   */
  static EmbeddedCall incoming(
      CallEnvironment environment,
      InviteDialog dialog,
      InetAddress mediaAddress,
      Caller caller,
      Optional<Offered.Offer> offer) {
    EmbeddedCall call = new EmbeddedCall(environment, dialog, mediaAddress, caller);
    call.state = new Offered(call, dialog, offer);
    call.awaitAnswer(environment.settings().ringTimeout());
    return call;
  }

  /**
   * A call that is to be placed.
   *
   * @param patience how long it may stay unanswered
   * @throws MediaException when no port is free
   */
  static EmbeddedCall placed(
      CallEnvironment environment,
      OutboundDialog dialog,
      InetAddress mediaAddress,
      Caller caller,
      Duration patience,
      Placement placement)
      throws MediaException {
    EmbeddedCall call = new EmbeddedCall(environment, dialog, mediaAddress, caller);
    call.state = new Calling(call, placement, call.openMedia());
    call.awaitAnswer(patience);
    return call;
  }

  private EmbeddedCall(
      CallEnvironment environment, CallDialog dialog, InetAddress mediaAddress, Caller caller) {
    this.environment = environment;
    this.dialog = dialog;
    this.mediaAddress = mediaAddress;
    this.caller = caller;
    this.queue = new CallQueue(environment.workers());
    this.sender = new RequestSender(environment.departures());
    this.events = new EventOutbox(queue);
    this.recordings = new CallRecordings(environment.recorders(), queue, events);
    this.detections = new CallDetections(queue, events);
    this.outputs = new CallOutputs(environment.outputs(), queue, events);
    this.joins = new CallJoins(this, environment);
    this.ringing = new Deadline(environment.timers());
    this.ack = new Deadline(environment.timers());
    this.rtp = new Deadline(environment.timers());
    this.state = new Over(this);
  }

  private void awaitAnswer(Duration patience) {
    ringing.set(patience, () -> network(CallState::ringTimeout));
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public boolean isOutbound() {
    return dialog instanceof OutboundDialog;
  }

  @Override
  public Optional<String> dialogState() {
    return dialogState;
  }

  @Override
  public Optional<ReceivedAudio> audio() {
    return media.map(CallMedia::audio);
  }

  @Override
  public void listen(Consumer<MediaEvent> listener) {
    events.listen(listener);
  }

  @Override
  public CompletionStage<Void> accept(List<Header> headers) {
    return command(headers, now -> now.accept(headers));
  }

  @Override
  public CompletionStage<Void> answer(List<Header> headers) {
    return asked(headers, (now, done) -> now.answer(headers, done));
  }

  @Override
  public CompletionStage<Void> reject(RejectReason reason, List<Header> headers) {
    return command(headers, now -> now.reject(reason, headers));
  }

  @Override
  public CompletionStage<Void> redirect(URI to, List<Header> headers) {
    return command(headers, now -> now.redirect(to, headers));
  }

  @Override
  public CompletionStage<Void> hangup(List<Header> headers) {
    return command(headers, now -> now.hangup(headers));
  }

  @Override
  public CompletionStage<Void> message(String contentType, String text) {
    return asked(List.of(), (now, done) -> now.message(TextBody.of(contentType, text), done));
  }

  @Override
  public CompletionStage<MediaRecording> record(RecordingRequest request, RecordingTarget target) {
    return asked(
        List.of(),
        (now, started) -> recordings.start(request, target, now.media().audio(), started));
  }

  @Override
  public CompletionStage<MediaDetection> detect(DetectionRequest request) {
    return asked(
        List.of(),
        (now, started) -> started.complete(detections.start(request, now.media().audio())));
  }

  @Override
  public CompletionStage<MediaOutput> output(OutputRequest request) {
    return asked(List.of(), (now, started) -> outputs.start(request, now.media().audio(), started));
  }

  @Override
  public CompletionStage<Void> join(MediaCall other, JoinRequest request) {
    return joins.join(other, request);
  }

  @Override
  public CompletionStage<Void> join(MediaMixer mixer, JoinRequest request) {
    return joins.join(mixer, request);
  }

  @Override
  public CompletionStage<Void> unjoin(MediaMixer mixer) {
    return joins.unjoin(mixer);
  }

  @Override
  public CompletionStage<Void> unjoin(MediaCall other) {
    return joins.unjoin(other);
  }

  /**
   * What the state does about it, on the queue; it completes what is given to it, later perhaps.
   */
  <T> CompletionStage<T> asked(List<Header> headers, Question<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    CompletionStage<Void> unused =
        command(headers, now -> question.ask(now, answer))
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null) {
                    answer.completeExceptionally(failure);
                  }
                });
    return answer.minimalCompletionStage();
  }

  /** What the state does about it, on the queue. */
  private CompletionStage<Void> command(List<Header> headers, Command command) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    queue.execute(
        () -> {
          try {
            SipHeaders.check(headers);
            command.run(state);
            done.complete(null);
          } catch (MediaException e) {
            done.completeExceptionally(e);
          } catch (RuntimeException e) { // whoever waits for the command must hear of it
            log.error("{}: a command failed", this, e);
            done.completeExceptionally(
                new MediaException(MediaException.Fault.FAILED, "unexpected: " + e, e));
          }
        });
    return done.minimalCompletionStage();
  }

  /** Something came from the network, or a time is over. From any thread. */
  void network(Consumer<CallState> what) {
    queue.execute(() -> what.accept(state));
  }

  /** ACK of a 2xx, with its body. From any thread. */
  void acknowledged(Optional<byte[]> body) {
    queue.execute(
        () -> {
          ack.clear();
          state.acknowledged(body);
        });
  }

  /** BYE. Answered in whatever state the call is. */
  void byeReceived(ServerTransaction bye) {
    Request request = bye.getRequest();
    queue.execute(
        () -> {
          dialog.ok(bye);
          state.bye(SipHeaders.told(request), SipHeaders.q850Cause(request));
          signallingDone();
        });
  }

  @Override
  public void announce(Consumer<MediaCall> listener) {
    queue.execute(() -> listener.accept(this));
  }

  // For the states, on the queue.

  void become(CallState next) {
    log.debug("{}: now {}", this, next.name());
    state = next;
  }

  /** For the listener. */
  void tell(MediaEvent event) {
    events.put(event);
  }

  /** Nobody waits for an answer any longer. */
  void answered() {
    ringing.clear();
  }

  /** There is no call after all: nothing was sent, and nobody has heard of it. */
  void discard() {
    queue.execute(
        () -> {
          ringing.clear();
          closeMedia();
          become(new Over(this));
        });
  }

  CallJoins joins() {
    return joins;
  }

  /** Whether nothing that was started needs the audio; joins aside. */
  boolean isIdle() {
    return recordings.isIdle() && detections.count() == 0 && outputs.isIdle();
  }

  CallDialog dialog() {
    return dialog;
  }

  SipMessages messages() {
    return environment.endpoint().messages();
  }

  Duration rtpTimeout() {
    return environment.settings().rtpTimeout();
  }

  CallMedia openMedia() throws MediaException {
    RtpWatch watch = new RtpWatch(this);
    MediaPort.Source ports = environment.ports().of(caller.to());
    CallMedia opened =
        isOutbound()
            ? CallMedia.openCalling(ports, mediaAddress, watch)
            : CallMedia.open(ports, mediaAddress, watch);
    media = Optional.of(opened);
    return opened;
  }

  void closeMedia() {
    media.ifPresent(CallMedia::close);
    media = Optional.empty();
  }

  /** From now on the ACK is due. */
  void superviseAck() {
    ringing.clear();
    ack.set(environment.ackTimeout(), () -> network(CallState::unacknowledged));
  }

  /** The dialog is established, or its other side may be somewhere else now. */
  void dialogMayHaveChanged() {
    Optional<String> now = dialog.state().map(DialogState::text);
    if (!now.equals(dialogState)) {
      dialogState = now;
      now.ifPresent(text -> events.put(new MediaEvent.DialogChanged(text)));
    }
  }

  /** RTP is gone for so long: ask again when it may no longer be. */
  void superviseRtp(Duration since) {
    Duration timeout = rtpTimeout();
    rtp.set(timeout.minus(since), () -> network(now -> now.rtpSilent(timeout)));
  }

  /** RTP that has been missing so far counts as missing from now on. */
  void restartRtpSupervision() {
    if (rtp.isSet()) {
      superviseRtp(Duration.ZERO);
    }
  }

  void rtpIsBack() {
    rtp.clear();
  }

  /** Sends a BYE, after what is to be sent before. */
  void hangUp(List<Header> headers) {
    send(
        () -> dialog.bye(headers, Optional.empty(), new Departure(this, headers, false)),
        failure -> queue.execute(this::signallingDone));
  }

  /** Sends a request, after what is to be sent before, behind the queue's back. */
  void send(RequestSender.Sending request, Consumer<MediaException> failed) {
    sender.send(this, request, failed);
  }

  /** Ends the call for its listener: media, timers and recordings too. */
  void finish(EndReason reason, Optional<String> code, List<Header> headers) {
    ringing.clear();
    rtp.clear();
    // What was received counts: the port delivers it when it closes, then the recordings end.
    closeMedia();
    dialogState = Optional.empty();
    detections.callEnded();
    recordings.callEnded();
    outputs.callEnded();
    joins.callEnded();
    events.put(new MediaEvent.Ended(reason, code, headers));
    log.atLevel(environment.logged())
        .log("{}: ended, {}{}", this, reason, code.map(c -> " (" + c + ")").orElse(""));
    finished.complete(null);
  }

  /** No message of this call is awaited any more. */
  void signallingDone() {
    ack.clear();
    signallingDone.complete(null);
  }

  @Override
  public void whenOver(Runnable task) {
    CompletableFuture<Void> unused = finished.thenRun(task);
  }

  @Override
  public void whenDeparted(Runnable task) {
    CompletableFuture<Void> unused =
        CompletableFuture.allOf(finished, signallingDone, recordings.allEnded(), outputs.allEnded())
            .thenRun(task);
  }

  /** For logs: its signalling id. */
  @Override
  public String toString() {
    return "call " + caller.callId();
  }

  @Override
  public String debugState() {
    return this
        + " from "
        + caller.from()
        + " to "
        + caller.to()
        + ": "
        + state.name()
        + ", media "
        + media.map(CallMedia::toString).orElse("closed")
        + ", recordings "
        + recordings.count()
        + ", detections "
        + detections.count()
        + ", outputs "
        + outputs.count()
        + ", joins "
        + joins.count();
  }

  @FunctionalInterface
  private interface Command {
    void run(CallState state) throws MediaException;
  }

  /** A command that is answered by something. */
  @FunctionalInterface
  interface Question<T> {
    void ask(CallState state, CompletableFuture<T> answer) throws MediaException;
  }
}
