package org.rayo.testkit.phone;

import gov.nist.core.StackLogger;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what JAIN-SIP logs to SLF4J at the level of debugging: what matters reaches the test as the
 * outcome of a call. Public only because JAIN-SIP makes it by reflection.
 */
public final class QuietStackLogger implements StackLogger {

  private static final Logger LOG = LoggerFactory.getLogger("org.rayo.testkit.phone.stack");

  @Override
  public void logStackTrace() {}

  @Override
  public void logStackTrace(int level) {}

  @Override
  public int getLineCount() {
    return 0;
  }

  @Override
  public void logException(Throwable thrown) {
    LOG.debug("exception in the stack", thrown);
  }

  @Override
  public void logDebug(String message) {}

  @Override
  public void logDebug(String message, Exception thrown) {}

  @Override
  public void logTrace(String message) {}

  @Override
  public void logFatalError(String message) {
    LOG.trace(message);
  }

  @Override
  public void logError(String message) {
    LOG.trace(message);
  }

  @Override
  public void logError(String message, Exception thrown) {
    LOG.debug(message, thrown);
  }

  @Override
  public void logWarning(String message) {
    LOG.trace(message);
  }

  @Override
  public void logInfo(String message) {}

  @Override
  public boolean isLoggingEnabled() {
    return false;
  }

  @Override
  public boolean isLoggingEnabled(int level) {
    return false;
  }

  @Override
  public void disableLogging() {}

  @Override
  public void enableLogging() {}

  @Override
  public void setBuildTimeStamp(String stamp) {}

  @Override
  public void setStackProperties(Properties properties) {}

  @Override
  public String getLoggerName() {
    return LOG.getName();
  }
}
