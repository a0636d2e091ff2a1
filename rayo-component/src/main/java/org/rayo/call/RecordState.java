package org.rayo.call;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.ComponentCommand.OutputControl;
import org.rayo.protocol.ComponentCommand.PauseRecord;
import org.rayo.protocol.ComponentCommand.ResumeRecord;
import org.rayo.protocol.ComponentCommand.Stop;
import org.rayo.protocol.StanzaError;

/** What a record component can be asked in each of its states. */
sealed interface RecordState extends ComponentCommand.Handler<RecordState.Step> {

  /** What comes of a command: the next state, or why it is refused. */
  sealed interface Step {}

  /**
   * The command has been passed on; the component is in this state now.
   *
   * @param work may still be under way
   */
  record Next(RecordState state, CompletionStage<Void> work) implements Step {}

  /** It cannot be done in this state. */
  record Refused(StanzaError error) implements Step {}

  /** What was captured before the client could be told that capture runs. */
  default Optional<CapturedRecording> capturedEarly() {
    return Optional.empty();
  }

  @Override
  default Step output(OutputControl control) {
    return new Refused(
        StanzaError.notImplemented("this command is for an output; this component is a recording"));
  }

  private static Step notNow(String text) {
    return new Refused(StanzaError.unexpectedRequest(text));
  }

  private static Step unknown() {
    return new Refused(
        StanzaError.itemNotFound("there is no such component: it is complete, or never was"));
  }

  /**
   * Being journalled. Nobody has been told its address, so nobody can command it.
   *
   * @param capturedEarly the file, if news of its end came before that of its beginning
   */
  record Starting(Optional<CapturedRecording> capturedEarly) implements RecordState {
    @Override
    public Step stop(Stop stop) {
      return unknown();
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      return unknown();
    }

    @Override
    public Step resumeRecord(ResumeRecord resume) {
      return unknown();
    }

    @Override
    public Step output(OutputControl control) {
      return unknown();
    }
  }

  /** Capturing. */
  record Executing(MediaRecording recording) implements RecordState {
    @Override
    public Step stop(Stop stop) {
      return new Next(new Stopping(), recording.stop());
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      return new Next(new Paused(recording), recording.pause());
    }

    @Override
    public Step resumeRecord(ResumeRecord resume) {
      return notNow("the recording is running: it is not paused");
    }
  }

  /** Not capturing until it is resumed. */
  record Paused(MediaRecording recording) implements RecordState {
    @Override
    public Step stop(Stop stop) {
      return new Next(new Stopping(), recording.stop());
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      return notNow("the recording is paused already");
    }

    @Override
    public Step resumeRecord(ResumeRecord resume) {
      return new Next(new Executing(recording), recording.resume());
    }
  }

  /** Its client has stopped it; capture is about to end. */
  record Stopping() implements RecordState {
    private static final String TEXT = "the recording has been stopped and is being finished";

    @Override
    public Step stop(Stop stop) {
      return notNow(TEXT);
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      return notNow(TEXT);
    }

    @Override
    public Step resumeRecord(ResumeRecord resume) {
      return notNow(TEXT);
    }
  }

  /** Capture has ended; the file is on its way to where the client can read it. */
  record Delivering() implements RecordState {
    private static final String TEXT = "the recording has ended and is being delivered";

    @Override
    public Step stop(Stop stop) {
      return notNow(TEXT);
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      return notNow(TEXT);
    }

    @Override
    public Step resumeRecord(ResumeRecord resume) {
      return notNow(TEXT);
    }
  }

  /** Its {@code <complete/>} has been sent, or there never was such a component. */
  record Complete() implements RecordState {
    @Override
    public Step stop(Stop stop) {
      return unknown();
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      return unknown();
    }

    @Override
    public Step resumeRecord(ResumeRecord resume) {
      return unknown();
    }

    @Override
    public Step output(OutputControl control) {
      return unknown();
    }
  }
}
