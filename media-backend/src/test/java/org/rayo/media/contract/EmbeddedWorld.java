package org.rayo.media.contract;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.rayo.media.MediaBackend;
import org.rayo.media.output.OutputSettings;
import org.rayo.media.output.Outputs;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.Unsynced;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;
import org.rayo.media.sip.EmbeddedMediaBackend;
import org.rayo.media.sip.SipSettings;

/** The embedded backend: phones call it. */
final class EmbeddedWorld extends World {

  private final RtpEngine engine =
      new RtpEngine(RtpSettings.of(InetAddress.getLoopbackAddress(), 20000, 29999));
  private final Recorders recorders = new Recorders(RecorderSettings.DEFAULT, new Unsynced());
  private final Path prompts;
  private final Outputs outputs;
  private final EmbeddedMediaBackend backend;

  EmbeddedWorld() throws Exception {
    prompts = Files.createTempDirectory("prompts").toRealPath();
    outputs = new Outputs(playing(prompts));
    backend = new EmbeddedMediaBackend(SipSettings.loopback(), engine, recorders, outputs);
    engine.start();
    backend.start(this::incoming);
  }

  private static OutputSettings playing(Path directory) {
    OutputSettings none = OutputSettings.DEFAULT;
    return new OutputSettings(
        List.of(directory),
        none.openedAddresses(),
        none.maxFileBytes(),
        none.connectTimeout(),
        none.fetchTimeout(),
        none.maxLength(),
        none.cacheBytes(),
        none.threads(),
        none.speech());
  }

  @Override
  MediaBackend backend() {
    return backend;
  }

  @Override
  String uri() {
    return "sip:rayo@127.0.0.1:" + backend.localPort();
  }

  @Override
  Path prompts() {
    return prompts;
  }

  @Override
  public void close() throws Exception {
    super.close();
    backend.close();
    outputs.close();
    recorders.close();
    engine.close();
  }
}
