package org.rayo.examples;

import org.rayo.examples.demo.DemoCommand;
import org.rayo.server.Main;

/** What {@code ./rayo} starts. */
public final class RayoLauncher {

  private RayoLauncher() {}

  /** The program. */
  public static void main(String[] arguments) {
    System.exit(Main.commandLine().addSubcommand(new DemoCommand()).execute(arguments));
  }
}
