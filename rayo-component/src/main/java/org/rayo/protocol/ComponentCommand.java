package org.rayo.protocol;

/** A command to a component of a call. Dispatch with {@link #handle}. */
public sealed interface ComponentCommand extends RayoCommand {

  <R> R handle(Handler<R> handler);

  /**
   * One method for each command.
   *
   * @param <R> what handling gives
   */
  interface Handler<R> {
    R stop(Stop stop);

    R pauseRecord(PauseRecord pause);

    R resumeRecord(ResumeRecord resume);

    R output(OutputControl control);
  }

  /** {@code <stop xmlns='urn:xmpp:rayo:ext:1'/>}: every component understands it. */
  record Stop() implements ComponentCommand {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.stop(this);
    }
  }

  /** {@code <pause xmlns='urn:xmpp:rayo:record:1'/>}. */
  record PauseRecord() implements ComponentCommand {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.pauseRecord(this);
    }
  }

  /** {@code <resume xmlns='urn:xmpp:rayo:record:1'/>}. */
  record ResumeRecord() implements ComponentCommand {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.resumeRecord(this);
    }
  }

  /** A command to an output, in {@code urn:xmpp:rayo:output:1}. */
  sealed interface OutputControl extends ComponentCommand {
    @Override
    default <R> R handle(Handler<R> handler) {
      return handler.output(this);
    }
  }

  /** Those without any option. */
  enum OutputStep implements OutputControl {
    PAUSE("pause"),
    RESUME("resume"),
    SPEED_UP("speed-up"),
    SPEED_DOWN("speed-down"),
    VOLUME_UP("volume-up"),
    VOLUME_DOWN("volume-down");

    private final String element;

    OutputStep(String element) {
      this.element = element;
    }

    /** Its element. */
    public String element() {
      return element;
    }
  }

  /**
   * {@code <seek/>}.
   *
   * @param millis not 0; negative is back
   */
  record Seek(long millis) implements OutputControl {}
}
