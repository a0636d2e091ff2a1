package org.rayo.media.contract;

import java.nio.file.Files;
import java.nio.file.Path;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;

/** The FreeSWITCH backend on the scripted switch. */
final class ScriptedFreeSwitchWorld extends FreeSwitchWorld {

  private final ScriptedSwitch server;

  ScriptedFreeSwitchWorld() throws Exception {
    this(Files.createTempDirectory("prompts").toRealPath());
  }

  private ScriptedFreeSwitchWorld(Path prompts) throws Exception {
    this(ScriptedSwitch.start(SwitchOptions.defaults().files(prompts)), prompts);
  }

  private ScriptedFreeSwitchWorld(ScriptedSwitch server, Path prompts) throws Exception {
    super(server.eventSocket(), "ClueCon", server.uri("park"), prompts);
    this.server = server;
    server.awaitSubscribers(1);
  }

  @Override
  public void close() throws Exception {
    super.close();
    server.close();
  }
}
