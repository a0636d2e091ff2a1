package org.rayo.call;

import java.util.Map;
import org.rayo.media.MediaRecording;
import org.rayo.recording.Recordings.Finished;

/** What a call or a mixer tells itself about one of its components. */
interface ComponentNews extends CallActor.Message, MixerActor.Message {

  /** Hands itself to those whom it is for. */
  void bringTo(PartyComponents components);

  @Override
  default void bringTo(Call call) {
    call.news(this);
  }

  @Override
  default void bringTo(Mixer mixer) {
    mixer.news(this);
  }

  @Override
  default Map<String, String> mdc() {
    return Map.of();
  }

  /** About one recording. */
  interface OfRecording extends ComponentNews {
    RecordComponent component();

    @Override
    default Map<String, String> mdc() {
      return Map.of("recording", component().manifest().recordingId());
    }
  }

  /** A recording runs. */
  record RecordBegun(RecordComponent component, MediaRecording recording) implements OfRecording {
    @Override
    public void bringTo(PartyComponents components) {
      components.recordings().begun(component, recording);
    }
  }

  /** A recording could not begin. */
  record RecordFailed(RecordComponent component, Throwable failure) implements OfRecording {
    @Override
    public void bringTo(PartyComponents components) {
      components.recordings().failed(component, failure);
    }
  }

  /** A recording is where its client can read it, or never will be. */
  record RecordFinished(RecordComponent component, Finished finished) implements OfRecording {
    @Override
    public void bringTo(PartyComponents components) {
      components.recordings().finished(component, finished);
    }
  }

  /** An output, input or prompt runs; {@code install} is to be run first. */
  record ComponentBegun(Component component, Runnable install) implements ComponentNews {
    @Override
    public void bringTo(PartyComponents components) {
      components.others().begun(component, install);
    }
  }

  /** An output, input or prompt could not begin. */
  record ComponentFailed(Component component, Throwable failure) implements ComponentNews {
    @Override
    public void bringTo(PartyComponents components) {
      components.others().failed(component, failure);
    }
  }

  /** A time that a component waited for is over. */
  record ComponentTimeOut(Component component, Component.Timer timer) implements ComponentNews {
    @Override
    public void bringTo(PartyComponents components) {
      components.others().timeOut(component, timer);
    }
  }
}
