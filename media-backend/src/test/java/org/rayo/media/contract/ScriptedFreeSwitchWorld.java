package org.rayo.media.contract;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rayo.media.freeswitch.FreeSwitchSettings;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;

/** The FreeSWITCH backend on the scripted switch. */
final class ScriptedFreeSwitchWorld extends FreeSwitchWorld {

  private final ScriptedSwitch server;

  private ScriptedFreeSwitchWorld(ScriptedSwitch server, Path shared, boolean toFiles)
      throws Exception {
    super(
        server.eventSocket(),
        "ClueCon",
        server.uri("park"),
        shared,
        toFiles
            ? Optional.of(new FreeSwitchSettings.Capture.Files(shared, shared.toString()))
            : Optional.empty());
    this.server = server;
    server.awaitSubscribers(1);
  }

  /** Audio comes as RTP. */
  static ScriptedFreeSwitchWorld open() throws Exception {
    return open(false);
  }

  /** The switch writes the audio of calls to files. */
  static ScriptedFreeSwitchWorld writing() throws Exception {
    return open(true);
  }

  private static ScriptedFreeSwitchWorld open(boolean toFiles) throws Exception {
    Path shared = Files.createTempDirectory("shared").toRealPath();
    ScriptedSwitch server = ScriptedSwitch.start(SwitchOptions.defaults().files(shared));
    return new ScriptedFreeSwitchWorld(server, shared, toFiles);
  }

  @Override
  public void close() throws Exception {
    super.close();
    server.close();
  }
}
