package org.rayo.media.sip;

import java.time.Duration;

/** Tells a call, on its queue, how its RTP fares. */
record RtpWatch(EmbeddedCall call) implements MediaPort.Listener {

  @Override
  public void rtpSilent(Duration since) {
    call.network(now -> now.rtpSilent(since));
  }

  @Override
  public void rtpBack() {
    call.network(CallState::rtpBack);
  }
}
