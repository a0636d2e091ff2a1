package org.rayo.call;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.dom4j.Element;
import org.rayo.recording.Recordings;
import org.rayo.storage.NameTemplate;
import org.rayo.xmpp.StanzaSender;

/**
 * What every call needs from around it.
 *
 * @param domain the component's, and so of every call's address
 * @param callCaps the {@code <c/>} that offers carry; copied for each
 * @param names how recordings are named, by the word that chooses it; one of them is the default
 * @param longestRecording that this server makes
 * @param quota of recordings, for each client
 * @param controllerGrace how long a call outlives the absence of its controlling party
 */
public record CallEnvironment(
    String domain,
    Element callCaps,
    StanzaSender stream,
    Clients clients,
    CallDirectory directory,
    Recordings recordings,
    Map<String, NameTemplate> names,
    Duration longestRecording,
    ClientQuota quota,
    Duration controllerGrace,
    Clock clock) {

  public CallEnvironment {
    names = Map.copyOf(names);
  }

  Instant now() {
    return clock.instant();
  }
}
