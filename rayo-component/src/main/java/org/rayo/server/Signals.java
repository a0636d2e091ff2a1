package org.rayo.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first stops the server in order, the second at once.
 *
 * <p>A shutdown hook alone would not do: while hooks run, the JVM ignores further signals. The
 * JVM's signal class is public but not part of the platform's API, so it is reached by reflection;
 * where it is missing, a hook has to do.
 */
final class Signals {

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final int SIGNAL_EXIT = 128;

  private Signals() {}

  /**
   * Calls this at the first signal, on a thread of its own; at the second the process is gone.
   *
   * @param stop returns when the server has stopped; the process then exits with 0
   */
  static void onTermination(Runnable stop) {
    try {
      Once once = new Once();
      handle("TERM", stop, once);
      handle("INT", stop, once);
    } catch (ReflectiveOperationException e) {
      LOG.debug("no signals here; using a shutdown hook", e);
      Runtime.getRuntime().addShutdownHook(new Thread(stop, "rayo-stop"));
    }
  }

  private static void handle(String name, Runnable stop, Once once)
      throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object signal = signalType.getConstructor(String.class).newInstance(name);
    int number = (int) signalType.getMethod("getNumber").invoke(signal);
    Object handler =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, arguments) -> {
              if (method.getName().equals("handle")) {
                arrived(stop, once, number);
                return null;
              }
              return method.getName().equals("hashCode") ? (Object) name.hashCode() : null;
            });
    try {
      signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
    } catch (InvocationTargetException e) {
      LOG.debug("SIG{} cannot be handled: it is used by the JVM or ignored", name, e);
    }
  }

  private static void arrived(Runnable stop, Once once, int number) {
    if (!once.first()) {
      Runtime.getRuntime().halt(SIGNAL_EXIT + number);
    }
    Thread stopping =
        new Thread(
            () -> {
              stop.run();
              System.exit(0);
            },
            "rayo-stop");
    stopping.start();
  }

  /** Tells the first signal from the others. */
  private static final class Once {
    private boolean seen;

    synchronized boolean first() {
      boolean first = !seen;
      seen = true;
      return first;
    }
  }
}
