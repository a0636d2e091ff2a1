package org.rayo.call;

import java.util.Optional;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.StanzaError;
import org.rayo.recording.Manifest;
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
  private JID owner;
  private RecordState state = new RecordState.Starting(Optional.empty());

  /**
   * @param startedBy the command to answer once capture runs; its sender owns the component
   */
  RecordComponent(
      JID address, IQ startedBy, Dialect dialect, RecordingRequest request, Manifest manifest) {
    this.address = address;
    this.startedBy = startedBy;
    this.owner = startedBy.getFrom();
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
    return owner;
  }

  /** Another has taken the place of this one: what was its is the other's. */
  void succeed(JID before, JID now) {
    owner = owner.equals(before) ? now : owner;
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

  /**
   * Capture runs.
   *
   * @return what was captured, when that has ended already: news of the end can overtake this
   */
  Optional<CapturedRecording> begun(MediaRecording recording) {
    Optional<CapturedRecording> captured = state.capturedEarly();
    if (captured.isPresent()) {
      state = new RecordState.Delivering();
    } else if (request.startPaused()) {
      state = new RecordState.Paused(recording);
    } else {
      state = new RecordState.Executing(recording);
    }
    return captured;
  }

  /**
   * Capture has ended; whatever is commanded from now on comes too late.
   *
   * @return what was captured, when it is to be delivered now: not before the client knows of the
   *     component, and not twice
   */
  Optional<CapturedRecording> captured(CapturedRecording recording) {
    if (state instanceof RecordState.Delivering) {
      return Optional.empty();
    }
    if (state instanceof RecordState.Starting) {
      state = new RecordState.Starting(Optional.of(recording));
      return Optional.empty();
    }
    state = new RecordState.Delivering();
    return Optional.of(recording);
  }

  /**
   * Carries out a command, or says why not. While it starts, it is nobody's yet.
   *
   * @param allowed it comes from the owner, or from whoever has taken its place
   */
  RecordState.Step command(boolean allowed, ComponentCommand command) {
    if (!allowed && !(state instanceof RecordState.Starting)) {
      return new RecordState.Refused(StanzaError.conflict("another party started this recording"));
    }
    RecordState.Step step = command.handle(state);
    if (step instanceof RecordState.Next next) {
      state = next.state();
    }
    return step;
  }
}
