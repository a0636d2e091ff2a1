package org.rayo.media;

import java.util.List;
import java.util.Optional;

/** What happened to a {@link MediaCall}. Dispatch with {@link #handle}. */
public sealed interface MediaEvent {

  void handle(Handler handler);

  /** One method for each kind of event. */
  interface Handler {
    void ended(Ended ended);

    void recordingEnded(RecordingEnded recordingEnded);

    void dialogChanged(DialogChanged dialogChanged);
  }

  /**
   * The call is over. Recordings of it may still be finishing: their {@link RecordingEnded} may
   * come after this, nothing else does.
   *
   * @param platformCode the signalling's own code (SIP status or Q.850 cause), if it gave one
   */
  record Ended(EndReason reason, Optional<String> platformCode, List<Header> headers)
      implements MediaEvent {
    public Ended {
      headers = List.copyOf(headers);
    }

    @Override
    public void handle(Handler handler) {
      handler.ended(this);
    }
  }

  /**
   * A recording is over and its file complete, unless {@link CapturedRecording#finished} says
   * otherwise. Comes exactly once for every recording begun.
   */
  record RecordingEnded(CapturedRecording recording) implements MediaEvent {
    @Override
    public void handle(Handler handler) {
      handler.recordingEnded(this);
    }
  }

  /**
   * {@link MediaCall#dialogState} is another one from now on: the call was answered, or its other
   * side is to be reached elsewhere.
   *
   * @param state one line of printable ASCII
   */
  record DialogChanged(String state) implements MediaEvent {
    @Override
    public void handle(Handler handler) {
      handler.dialogChanged(this);
    }
  }

  /**
   * Why a call ended.
   *
   * @see <a href="https://xmpp.org/extensions/xep-0327.html#def-end">XEP-0327, end event</a>
   */
  enum EndReason {
    /** The other side hung up. */
    HUNGUP,
    /** We did, by {@link MediaCall#hangup}. */
    HANGUP_COMMAND,
    /** No answer in time. */
    TIMEOUT,
    /** The other side is busy. */
    BUSY,
    /** The call was refused, by either side. */
    REJECTED,
    /** Something broke: signalling failed, or RTP stopped for longer than allowed. */
    ERROR
  }
}
