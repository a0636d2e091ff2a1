package org.rayo.call;

import org.rayo.media.MediaRecording;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.ComponentCommand.PauseRecord;
import org.rayo.protocol.ComponentCommand.ResumeRecord;
import org.rayo.protocol.ComponentCommand.Stop;
import org.rayo.protocol.StanzaError;

/** What a record component can be asked in each of its states. */
sealed interface RecordState extends ComponentCommand.Handler<RecordState.Step> {

  /** What comes of a command: the next state, or why it is refused. */
  sealed interface Step {}

  /** The command has been passed on; the component is in this state now. */
  record Next(RecordState state) implements Step {}

  /** It cannot be done in this state. */
  record Refused(StanzaError error) implements Step {}

  private static Step notNow(String text) {
    return new Refused(StanzaError.unexpectedRequest(text));
  }

  /** Capturing. */
  record Executing(MediaRecording recording) implements RecordState {
    @Override
    public Step stop(Stop stop) {
      recording.stop();
      return new Next(new Finishing());
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      recording.pause();
      return new Next(new Paused(recording));
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
      recording.stop();
      return new Next(new Finishing());
    }

    @Override
    public Step pauseRecord(PauseRecord pause) {
      return notNow("the recording is paused already");
    }

    @Override
    public Step resumeRecord(ResumeRecord resume) {
      recording.resume();
      return new Next(new Executing(recording));
    }
  }

  /** Capture has ended, or is about to; the file is on its way to the client. */
  record Finishing() implements RecordState {
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
}
