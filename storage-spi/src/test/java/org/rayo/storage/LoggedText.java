package org.rayo.storage;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** All that is logged until it is closed: ours down to the last detail, with stack traces. */
public final class LoggedText implements AutoCloseable {

  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final Logger ours = (Logger) LoggerFactory.getLogger("org.rayo");
  private final Level before = ours.getLevel();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
          IThrowableProxy thrown = event.getThrowableProxy();
          if (thrown != null) {
            lines.add(ThrowableProxyUtil.asString(thrown));
          }
        }
      };

  /** Begins to listen. */
  public LoggedText() {
    appender.start();
    ours.setLevel(Level.TRACE);
    root.addAppender(appender);
  }

  /** What has been logged so far. */
  public String text() {
    return String.join("\n", lines);
  }

  @Override
  public void close() {
    root.detachAppender(appender);
    ours.setLevel(before);
  }
}
