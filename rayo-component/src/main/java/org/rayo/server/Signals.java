package org.rayo.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM, SIGINT and SIGHUP: the first asks the server to stop, the second ends the process at
 * once.
 *
 * <p>A shutdown hook alone would not do: while hooks run, the JVM ignores further signals. The
 * JVM's signal class is public but not part of the platform's API, so it is reached by reflection;
 * where it is missing, a hook has to do.
 */
final class Signals {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
  private static final int SIGNAL_EXIT = 128;

  private Signals() {}

  /**
   * Takes the signals over from the JVM.
   *
   * @param ask run at the first signal, on the JVM's own thread; must not block
   * @param stopped counted down when the server has stopped
   */
  static void onTermination(Runnable ask, CountDownLatch stopped) {
    AtomicBoolean asked = new AtomicBoolean();
    try {
      for (String name : NAMES) {
        handle(name, ask, asked);
      }
    } catch (ReflectiveOperationException e) {
      LOG.debug("no signals here; using a shutdown hook", e);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(ask, stopped), "rayo-stop"));
    }
  }

  private static void handle(String name, Runnable ask, AtomicBoolean asked)
      throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object handler =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    int number = (int) signalType.getMethod("getNumber").invoke(arguments[0]);
                    arrived(ask, asked, number);
                    yield null;
                  }
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> name.hashCode();
                  default -> "handler of SIG" + name;
                });
    try {
      Object signal = signalType.getConstructor(String.class).newInstance(name);
      signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
    } catch (InvocationTargetException e) {
      LOG.debug("SIG{} cannot be handled: this system has none, or the JVM keeps it", name, e);
    }
  }

  private static void arrived(Runnable ask, AtomicBoolean asked, int number) {
    if (asked.compareAndSet(false, true)) {
      ask.run();
    } else {
      Runtime.getRuntime().halt(SIGNAL_EXIT + number);
    }
  }

  private static void stop(Runnable ask, CountDownLatch stopped) {
    ask.run();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
