package org.rayo.call;

import java.util.Optional;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.RayoEvent.Complete;
import org.rayo.protocol.RayoEvent.Recording;
import org.rayo.protocol.StanzaError;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings.Finished;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * A record component of one call, from its start to its one {@code <complete/>}. Lives on its
 * call's actor and is as single-threaded.
 *
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-record">XEP-0327,
 *     record component</a>
 */
final class RecordComponent {

  private final JID address;
  private final IQ startedBy;
  private final Dialect dialect;
  private final RecordingRequest request;
  private final Manifest manifest;
  private Optional<RecordState> state = Optional.empty();
  private Optional<CapturedRecording> captured = Optional.empty();

  /**
   * @param startedBy the command to answer once capture runs; its sender owns the component
   */
  RecordComponent(
      JID address, IQ startedBy, Dialect dialect, RecordingRequest request, Manifest manifest) {
    this.address = address;
    this.startedBy = startedBy;
    this.dialect = dialect;
    this.request = request;
    this.manifest = manifest;
  }

  JID address() {
    return address;
  }

  String id() {
    return address.getResource();
  }

  IQ startedBy() {
    return startedBy;
  }

  JID owner() {
    return startedBy.getFrom();
  }

  Dialect dialect() {
    return dialect;
  }

  RecordingRequest request() {
    return request;
  }

  Manifest manifest() {
    return manifest;
  }

  /** Capture runs. */
  void started(MediaRecording recording) {
    state =
        Optional.of(
            request.startPaused()
                ? new RecordState.Paused(recording)
                : new RecordState.Executing(recording));
  }

  boolean isStarted() {
    return state.isPresent();
  }

  /** Carries out a command, or says why not. */
  Optional<StanzaError> command(JID sender, ComponentCommand command) {
    if (!sender.equals(owner())) {
      return Optional.of(StanzaError.conflict("another party started this recording"));
    }
    if (state.isEmpty()) {
      return Optional.of(StanzaError.unexpectedRequest("the recording is only being started"));
    }
    RecordState.Step step = command.handle(state.get());
    if (step instanceof RecordState.Refused refused) {
      return Optional.of(refused.error());
    }
    state = Optional.of(((RecordState.Next) step).state());
    return Optional.empty();
  }

  /** Capture has ended; whatever is commanded from now on comes too late. */
  void captured(CapturedRecording recording) {
    captured = Optional.of(recording);
    state = state.map(running -> new RecordState.Finishing());
  }

  /** What was captured, once that has ended. */
  Optional<CapturedRecording> captured() {
    return captured;
  }

  /** The component's last event. */
  Complete complete(Finished finished) {
    CapturedRecording recording = finished.captured();
    CompleteReason reason = dialect.reason(recording.cause(), recording.failure());
    return new Complete(
        reason,
        finished
            .uri()
            .map(
                uri -> new Recording(uri, recording.duration().toMillis(), recording.sizeBytes())));
  }
}
