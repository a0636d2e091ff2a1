package org.rayo.call;

import org.rayo.media.MediaEvent;

/** Brings news from the media to the components that they are for; all other is for others. */
abstract class ComponentEvents implements MediaEvent.Handler {

  private final PartyComponents components;

  ComponentEvents(PartyComponents components) {
    this.components = components;
  }

  @Override
  public final void outputEnded(MediaEvent.OutputEnded event) {
    components.others().outputEnded(event);
  }

  @Override
  public final void detected(MediaEvent.Detected event) {
    components.others().detected(event.detectionId(), event.signal());
  }

  @Override
  public final void recordingEnded(MediaEvent.RecordingEnded event) {
    components.recordings().captured(event.recording());
  }
}
