package org.rayo.media.contract;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.rayo.media.MediaBackend;
import org.rayo.media.freeswitch.FreeSwitchMediaBackend;
import org.rayo.media.freeswitch.FreeSwitchSettings;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.Unsynced;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;
import org.rayo.media.sip.SipSettings;

/** The FreeSWITCH backend on one server, scripted or real, whose dialplan parks calls. */
class FreeSwitchWorld extends World {

  private final RtpEngine engine =
      new RtpEngine(RtpSettings.of(InetAddress.getLoopbackAddress(), 40000, 49999));
  private final Recorders recorders = new Recorders(RecorderSettings.DEFAULT, new Unsynced());
  private final FreeSwitchMediaBackend backend;
  private final String uri;
  private final Path prompts;

  /**
   * @param eventSocket of the server
   * @param uri that it parks
   * @param prompts on its disk and on ours
   */
  FreeSwitchWorld(InetSocketAddress eventSocket, String password, String uri, Path prompts)
      throws Exception {
    this(eventSocket, password, uri, prompts, Optional.empty());
  }

  /**
   * @param captured where it writes the audio of calls; empty: it sends it
   */
  FreeSwitchWorld(
      InetSocketAddress eventSocket,
      String password,
      String uri,
      Path prompts,
      Optional<FreeSwitchSettings.Capture.Files> captured)
      throws Exception {
    this.uri = uri;
    this.prompts = prompts;
    backend =
        new FreeSwitchMediaBackend(
            settings(eventSocket, password, prompts, captured), engine, recorders);
    engine.start();
    backend.start(this::incoming);
  }

  private static FreeSwitchSettings settings(
      InetSocketAddress eventSocket,
      String password,
      Path prompts,
      Optional<FreeSwitchSettings.Capture.Files> captured) {
    FreeSwitchSettings.Limits limits =
        new FreeSwitchSettings.Limits(
            1000,
            Duration.ofMinutes(3),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30));
    return new FreeSwitchSettings(
        List.of(
            new FreeSwitchSettings.Server(
                "fs", eventSocket.getHostString(), eventSocket.getPort(), password)),
        FreeSwitchSettings.Offering.PARKED,
        new FreeSwitchSettings.Capture(SipSettings.loopback(), "external", captured),
        new FreeSwitchSettings.Dialing(
            "external", List.of(), List.of("127.0.0.1"), Optional.empty()),
        new FreeSwitchSettings.Playing(List.of(prompts), List.of(), Optional.empty()),
        "default",
        limits);
  }

  /** It passes two jitter buffers. */
  @Override
  int missingSamples() {
    return 400;
  }

  @Override
  int addedSamples() {
    return 400;
  }

  @Override
  MediaBackend backend() {
    return backend;
  }

  @Override
  String uri() {
    return uri;
  }

  @Override
  Path prompts() {
    return prompts;
  }

  @Override
  boolean has(Feature feature) {
    return false;
  }

  @Override
  public void close() throws Exception {
    super.close();
    backend.close();
    recorders.close();
    engine.close();
  }
}
