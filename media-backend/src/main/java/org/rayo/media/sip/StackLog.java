package org.rayo.media.sip;

import gov.nist.core.LogLevels;
import gov.nist.core.StackLogger;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What JAIN-SIP says, two levels quieter: its errors are mostly other people's malformed messages,
 * and what went wrong for a call is told where the call is. Named in the stack's properties, which
 * is why it is public.
 */
public final class StackLog implements StackLogger {

  private static final Logger log = LoggerFactory.getLogger("org.rayo.media.sip.stack");

  /** Called by the stack. */
  public StackLog() {}

  @Override
  public void logStackTrace() {
    logStackTrace(LogLevels.TRACE_DEBUG);
  }

  @Override
  public void logStackTrace(int level) {
    if (log.isTraceEnabled()) {
      log.trace("called from", new Throwable("not an error, only where"));
    }
  }

  @Override
  public int getLineCount() {
    return 0;
  }

  @Override
  public void logException(Throwable thrown) {
    log.debug("the SIP stack met a problem", thrown);
  }

  @Override
  public void logDebug(String message) {
    log.trace(message);
  }

  @Override
  public void logDebug(String message, Exception thrown) {
    log.trace(message, thrown);
  }

  @Override
  public void logTrace(String message) {
    log.trace(message);
  }

  @Override
  public void logFatalError(String message) {
    log.warn(message);
  }

  @Override
  public void logError(String message) {
    log.debug(message);
  }

  @Override
  public void logError(String message, Exception thrown) {
    log.debug(message, thrown);
  }

  @Override
  public void logWarning(String message) {
    log.debug(message);
  }

  @Override
  public void logInfo(String message) {
    log.trace(message);
  }

  @Override
  public boolean isLoggingEnabled() {
    return true;
  }

  @Override
  public boolean isLoggingEnabled(int level) {
    return level <= LogLevels.TRACE_WARN ? log.isDebugEnabled() : log.isTraceEnabled();
  }

  @Override
  public void disableLogging() {
    // the logging framework decides
  }

  @Override
  public void enableLogging() {
    // the logging framework decides
  }

  @Override
  public void setBuildTimeStamp(String buildTimeStamp) {
    log.trace("built {}", buildTimeStamp);
  }

  @Override
  public void setStackProperties(Properties properties) {
    // there is nothing to set
  }

  @Override
  public String getLoggerName() {
    return log.getName();
  }
}
