package org.rayo.call;

import org.rayo.media.CapturedRecording;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.RayoEvent.Complete;
import org.rayo.protocol.RayoEvent.Recording;
import org.rayo.protocol.RayoWriter;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings.Finished;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * The last event of a record component. It is made of what the journal knows and of nothing else,
 * so that it is the same stanza with the same id when it is sent again after a crash.
 */
final class Completion {

  private Completion() {}

  /**
   * The {@code <complete/>}, to whoever asked for the recording.
   *
   * @param domain the server's
   */
  static Presence of(String domain, Finished finished) {
    Manifest manifest = finished.manifest();
    Manifest.Origin origin = manifest.origin();
    CapturedRecording recording = finished.captured();
    CompleteReason reason = dialect(origin).reason(recording.cause(), recording.failure());
    Complete complete =
        new Complete(
            reason,
            finished
                .uri()
                .map(
                    uri ->
                        new Recording(
                            uri, recording.duration().toMillis(), finished.told().sizeBytes())));
    return RayoWriter.presence(
        new JID(origin.callId(), domain, origin.componentId(), true),
        new JID(origin.client()),
        complete,
        finished.at(),
        manifest.recordingId());
  }

  private static Dialect dialect(Manifest.Origin origin) {
    return Dialect.ofToken(origin.dialect()).orElse(Dialect.WIKI);
  }
}
