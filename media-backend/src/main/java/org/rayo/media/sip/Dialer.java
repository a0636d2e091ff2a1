package org.rayo.media.sip;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.rayo.media.DialRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException;
import org.rayo.media.call.Caller;
import org.rayo.media.call.Calls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Places calls. */
final class Dialer {

  private static final Logger log = LoggerFactory.getLogger(Dialer.class);

  private final CallEnvironment environment;
  private final SipEndpoint endpoint;
  private final Calls<EmbeddedCall> calls;
  private final DialTargets targets;
  private final Executor dialing;

  /**
   * Of an endpoint.
   *
   * @param dialing may wait for name servers and connections
   */
  Dialer(CallEnvironment environment, Calls<EmbeddedCall> calls, Executor dialing) {
    this.environment = environment;
    this.endpoint = environment.endpoint();
    this.calls = calls;
    this.targets = new DialTargets(endpoint, environment.settings().dialPlan());
    this.dialing = dialing;
  }

  /** As {@link org.rayo.media.MediaBackend#dial}. */
  CompletionStage<MediaCall> dial(DialRequest request) {
    CompletableFuture<MediaCall> done = new CompletableFuture<>();
    try {
      dialing.execute(
          () -> {
            try {
              done.complete(place(request));
            } catch (MediaException e) {
              done.completeExceptionally(e);
            } catch (RuntimeException e) { // whoever waits for the call must hear of it
              log.error("a call to {} failed", request.to(), e);
              done.completeExceptionally(
                  new MediaException(MediaException.Fault.FAILED, "unexpected: " + e, e));
            }
          });
    } catch (RejectedExecutionException closed) {
      done.completeExceptionally(
          new MediaException(MediaException.Fault.WRONG_STATE, "dial: SIP is being closed"));
    }
    return done.minimalCompletionStage();
  }

  private MediaCall place(DialRequest request) throws MediaException {
    SipHeaders.check(request.headers());
    DialTarget target = targets.of(request.to().toString());
    if (!calls.reserve()) {
      throw new MediaException(
          MediaException.Fault.NO_RESOURCES, "dial: there is no room for one more call");
    }
    try {
      return begin(request, target);
    } catch (MediaException | RuntimeException e) {
      calls.release();
      throw e;
    }
  }

  private EmbeddedCall begin(DialRequest request, DialTarget target) throws MediaException {
    InetAddress own =
        OwnAddress.towards(target.address(), target.port(), endpoint, environment.settings());
    String host = own.getHostAddress();
    String callId = UUID.randomUUID().toString();
    String from = DialFrom.of(request.from(), target, host, endpoint.messages());
    String tag = UUID.randomUUID().toString().substring(0, 13);
    OutboundDialog dialog =
        new OutboundDialog(endpoint, tag, host, callId, from, request.headers());
    Placement placement = new Placement(dialog, targets, dialing, target);
    Duration most = environment.settings().ringTimeout();
    EmbeddedCall call =
        EmbeddedCall.placed(
            environment,
            dialog,
            own,
            new Caller(callId, request.to(), DialFrom.told(from), List.of()),
            request.timeout().filter(asked -> asked.compareTo(most) < 0).orElse(most),
            placement);
    try {
      placement.begin(call);
    } catch (MediaException e) {
      call.discard();
      throw e;
    }
    log.info("{}: to {}", call, target);
    calls.add(call);
    return call;
  }
}
