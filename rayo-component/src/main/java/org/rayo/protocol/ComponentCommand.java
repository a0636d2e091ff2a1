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
}
