package org.rayo.call;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.dom4j.Element;
import org.rayo.recording.CallNotes;
import org.rayo.recording.Recordings;
import org.rayo.recording.StoragePlan;
import org.rayo.xmpp.StanzaSender;

/**
 * What every call needs from around it.
 *
 * @param domain the component's, and so of every call's address
 * @param callCaps the {@code <c/>} that offers carry; copied for each
 * @param mixerCaps the same of a mixer's presence
 * @param calls what is left of a call after a crash
 * @param storage where recordings go, and how they are named there
 * @param longestRecording that this server makes
 * @param participantChannels of a mixer's recording with one for each, when its client does not say
 * @param quota of recordings, for each client
 * @param control who gets control of a call
 */
public record CallEnvironment(
    String domain,
    Element callCaps,
    Element mixerCaps,
    StanzaSender stream,
    Clients clients,
    CallDirectory directory,
    Recordings recordings,
    CallNotes calls,
    StoragePlan storage,
    Duration longestRecording,
    int participantChannels,
    ClientQuota quota,
    ControlSettings control,
    Clock clock) {

  Instant now() {
    return clock.instant();
  }
}
