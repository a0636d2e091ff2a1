package org.rayo.media.freeswitch.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.rayo.media.MediaException;

/** Forks a call of a real FreeSWITCH, through its event socket. */
final class RealSwitch implements Forks, AutoCloseable {

  private final EventSocket socket;
  private final CaptureEndpoint endpoint;
  private final String call;
  private final ExecutorService commands = Executors.newSingleThreadExecutor();
  final Map<String, String> forks = new ConcurrentHashMap<>();
  final List<Side> forked = new ArrayList<>();

  RealSwitch(EventSocket socket, CaptureEndpoint endpoint, String call) {
    this.socket = socket;
    this.endpoint = endpoint;
    this.call = call;
  }

  @Override
  public CompletionStage<Void> fork(Side side, String token) {
    String uuid = UUID.randomUUID().toString();
    forks.put(token, uuid);
    synchronized (forked) {
      forked.add(side);
    }
    String which = side == Side.SAID ? "eavesdrop_bridge_aleg" : "eavesdrop_bridge_bleg";
    CompletableFuture<Void> done = new CompletableFuture<>();
    commands.execute(
        () -> {
          String reply =
              socket.api(
                  "originate {origination_uuid="
                      + uuid
                      + ",absolute_codec_string=PCMU,ignore_early_media=true,"
                      + which
                      + "=true}sofia/external/"
                      + token
                      + "@"
                      + endpoint.address()
                      + " &eavesdrop("
                      + call
                      + ")");
          if (reply.startsWith("+OK")) {
            done.complete(null);
          } else {
            done.completeExceptionally(new MediaException(MediaException.Fault.FAILED, reply));
          }
        });
    return done;
  }

  @Override
  public void end(String token) {
    String uuid = forks.get(token);
    commands.execute(() -> socket.api("uuid_kill " + uuid));
  }

  @Override
  public void beep(Runnable done) {
    commands.execute(
        () -> {
          socket.api("uuid_broadcast " + call + " tone_stream://%(250,0,1000) aleg");
          done.run();
        });
  }

  List<Side> forked() {
    synchronized (forked) {
      return List.copyOf(forked);
    }
  }

  @Override
  public void close() {
    commands.shutdown();
  }
}
