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

    default void ringing(Ringing ringing) {}

    default void earlyMedia(EarlyMedia earlyMedia) {}

    default void answered(Answered answered) {}

    default void outputEnded(OutputEnded outputEnded) {}

    default void detected(Detected detected) {}

    default void speakingChanged(SpeakingChanged speakingChanged) {}

    default void messageReceived(MessageReceived messageReceived) {}
  }

  /**
   * The call is over. Recordings of it may still be finishing: their {@link RecordingEnded} and
   * {@link OutputEnded} may come after this, nothing else does.
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

  /** A call that we placed rings at the other side (SIP 180). Comes once. */
  record Ringing(List<Header> headers) implements MediaEvent {
    public Ringing {
      headers = List.copyOf(headers);
    }

    @Override
    public void handle(Handler handler) {
      handler.ringing(this);
    }
  }

  /**
   * A call that we placed has media before its answer (SIP 18x with a description): it can be
   * joined.
   */
  record EarlyMedia() implements MediaEvent {
    @Override
    public void handle(Handler handler) {
      handler.earlyMedia(this);
    }
  }

  /** A call that we placed has been answered. */
  record Answered(List<Header> headers) implements MediaEvent {
    public Answered {
      headers = List.copyOf(headers);
    }

    @Override
    public void handle(Handler handler) {
      handler.answered(this);
    }
  }

  /**
   * An output is over. Comes exactly once for each that began.
   *
   * @param failure only with {@link OutputEnd#ERROR}: why, for a person
   */
  record OutputEnded(String outputId, OutputEnd reason, Optional<String> failure)
      implements MediaEvent {
    @Override
    public void handle(Handler handler) {
      handler.outputEnded(this);
    }
  }

  /** A detection has heard something. */
  record Detected(String detectionId, Signal signal) implements MediaEvent {
    @Override
    public void handle(Handler handler) {
      handler.detected(this);
    }
  }

  /**
   * A participant of a mixer has begun to speak, or has stopped.
   *
   * @param participant of its {@link JoinRequest}
   */
  record SpeakingChanged(String participant, boolean speaking) implements MediaEvent {
    @Override
    public void handle(Handler handler) {
      handler.speakingChanged(this);
    }
  }

  /** The other side of the call sent text (SIP MESSAGE). */
  record MessageReceived(String contentType, String text) implements MediaEvent {
    @Override
    public void handle(Handler handler) {
      handler.messageReceived(this);
    }
  }

  /** Why an output ended. */
  enum OutputEnd {
    /** All of it was played. */
    FINISH,
    /** It was stopped. */
    STOP,
    /** It had played for as long as it may. */
    MAX_TIME,
    /** The call or mixer ended. */
    HANGUP,
    /** Something of it could not be played. */
    ERROR
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
