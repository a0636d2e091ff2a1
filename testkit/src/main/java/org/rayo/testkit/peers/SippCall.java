package org.rayo.testkit.peers;

import java.time.Duration;
import org.rayo.testkit.audio.AudioSource;

/**
 * What SIPp is to do.
 *
 * @param host called host
 * @param port called port
 * @param user called user
 * @param tcp whether SIP goes over TCP
 * @param alaw whether it speaks PCMA, and offers nothing else, instead of PCMU
 * @param calls how many calls in all
 * @param callsPerSecond the rate at which they start
 * @param ending how a call ends
 * @param hold how long after the answer it hangs up, or after the ringing it cancels
 * @param audio what every call says from the answer on, ends on its own
 */
public record SippCall(
    String host,
    int port,
    String user,
    boolean tcp,
    boolean alaw,
    int calls,
    int callsPerSecond,
    Ending ending,
    Duration hold,
    AudioSource audio) {

  /** Who ends the calls. */
  public enum Ending {
    /** SIPp sends BYE. */
    CALLER_HANGS_UP,
    /** SIPp waits for BYE. */
    CALLEE_HANGS_UP,
    /** SIPp cancels after the first 180 or 183, and expects 487. */
    CANCEL
  }

  /** One call over UDP that says {@code audio} and hangs up half a second after it. */
  public static SippCall to(String host, int port, AudioSource audio) {
    return new SippCall(
        host,
        port,
        "sipp",
        false,
        false,
        1,
        1,
        Ending.CALLER_HANGS_UP,
        Duration.ofMillis(audio.millis() + 500),
        audio);
  }

  public SippCall user(String value) {
    return new SippCall(host, port, value, tcp, alaw, calls, callsPerSecond, ending, hold, audio);
  }

  public SippCall overTcp() {
    return new SippCall(host, port, user, true, alaw, calls, callsPerSecond, ending, hold, audio);
  }

  public SippCall inAlaw() {
    return new SippCall(host, port, user, tcp, true, calls, callsPerSecond, ending, hold, audio);
  }

  public SippCall calls(int number, int perSecond) {
    return new SippCall(host, port, user, tcp, alaw, number, perSecond, ending, hold, audio);
  }

  public SippCall ending(Ending value) {
    return new SippCall(host, port, user, tcp, alaw, calls, callsPerSecond, value, hold, audio);
  }

  public SippCall hold(Duration value) {
    return new SippCall(host, port, user, tcp, alaw, calls, callsPerSecond, ending, value, audio);
  }
}
