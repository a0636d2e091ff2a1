package org.rayo.testkit.freeswitch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rayo.testkit.phone.PhoneCall;

/** A leg of a call. All of it is used on the switch's thread. */
final class Channel {

  /** What the switch is doing with a channel. */
  enum State {
    NEW(0),
    INIT(1),
    ROUTING(2),
    SOFT_EXECUTE(3),
    EXECUTE(4),
    EXCHANGE_MEDIA(5),
    PARK(6),
    CONSUME_MEDIA(7),
    HIBERNATE(8),
    RESET(9),
    HANGUP(10),
    REPORTING(11),
    DESTROY(12),
    NONE(13);

    private final int number;

    State(int number) {
      this.number = number;
    }
  }

  /**
   * Who calls whom.
   *
   * @param remote where the other side is, as user@host:port
   */
  record Parties(
      boolean inbound, String callerName, String callerNumber, String destination, String remote) {}

  final String uuid;
  final PhoneCall call;
  final Parties parties;
  final ChannelAudio audio = new ChannelAudio();
  final Map<String, String> variables = new LinkedHashMap<>();

  State state = State.NEW;
  String callState = "DOWN";
  String answerState = "ringing";
  Optional<Cause> cause = Optional.empty();

  /** What it does when nothing was executed on top: park, socket, conference, eavesdrop. */
  Optional<Applications.Execution> resting = Optional.empty();

  boolean parked;

  /** What interrupted what, the last on top. */
  final Deque<Playing> playing = new ArrayDeque<>();

  /** What is written of it. */
  final List<FileRecording> recordings = new ArrayList<>();

  Optional<Channel> other = Optional.empty();

  /** Its conferences, the one that it was put into last on top. */
  final Deque<Member> members = new ArrayDeque<>();

  Optional<Listener> listener = Optional.empty();

  /** Bridged as the one whose event it is. */
  boolean leadsBridge;

  /** The application that runs was asked to make room for another. */
  boolean transferred;

  private final long createdMicros = micros();
  private long answeredMicros;
  private long progressMicros;
  private long mediaMicros;
  private long hangupMicros;

  Channel(String uuid, PhoneCall call, Parties parties) {
    this.uuid = uuid;
    this.call = call;
    this.parties = parties;
  }

  static long micros() {
    return System.currentTimeMillis() * 1000;
  }

  String name() {
    return "sofia/"
        + variables.getOrDefault("sofia_profile_name", "external")
        + "/"
        + parties.remote;
  }

  boolean answered() {
    return answeredMicros > 0;
  }

  boolean hasMedia() {
    return mediaMicros > 0 || answered();
  }

  boolean over() {
    return cause.isPresent();
  }

  void noteAnswered() {
    answeredMicros = micros();
    answerState = "answered";
  }

  void noteProgress() {
    progressMicros = micros();
  }

  void noteMedia() {
    mediaMicros = micros();
    answerState = "early";
  }

  void noteHangup(Cause why) {
    cause = Optional.of(why);
    answerState = "hangup";
  }

  void noteGone() {
    hangupMicros = micros();
  }

  long createdSeconds() {
    return createdMicros / 1_000_000;
  }

  /** Its headers in an event. */
  Map<String, String> headers(boolean withVariables) {
    Map<String, String> headers = new LinkedHashMap<>();
    String direction = parties.inbound ? "inbound" : "outbound";
    headers.put("Channel-State", "CS_" + state);
    headers.put("Channel-Call-State", callState);
    headers.put("Channel-State-Number", Integer.toString(state.number));
    headers.put("Channel-Name", name());
    headers.put("Unique-ID", uuid);
    headers.put("Call-Direction", direction);
    headers.put("Presence-Call-Direction", direction);
    headers.put("Channel-HIT-Dialplan", Boolean.toString(state != State.NONE));
    headers.put("Channel-Call-UUID", uuid);
    headers.put("Answer-State", answerState);
    cause.ifPresent(why -> headers.put("Hangup-Cause", why.name()));
    if (hasMedia()) {
      for (String side : new String[] {"Read", "Write"}) {
        headers.put("Channel-" + side + "-Codec-Name", "PCMU");
        headers.put("Channel-" + side + "-Codec-Rate", "8000");
        headers.put("Channel-" + side + "-Codec-Bit-Rate", "64000");
      }
    }
    caller(headers, "Caller-", direction);
    other.ifPresent(leg -> headers.put("Other-Leg-Unique-ID", leg.uuid));
    if (withVariables) {
      variables.forEach((name, value) -> headers.put("variable_" + name, value));
    }
    return headers;
  }

  private void caller(Map<String, String> headers, String prefix, String direction) {
    headers.put(prefix + "Direction", direction);
    headers.put(prefix + "Logical-Direction", direction);
    if (parties.inbound) {
      headers.put(prefix + "Username", parties.callerNumber);
      headers.put(prefix + "Dialplan", "XML");
    }
    headers.put(prefix + "Caller-ID-Name", parties.callerName);
    headers.put(prefix + "Caller-ID-Number", parties.callerNumber);
    headers.put(prefix + "Orig-Caller-ID-Name", parties.callerName);
    headers.put(prefix + "Orig-Caller-ID-Number", parties.callerNumber);
    headers.put(prefix + "Network-Addr", "127.0.0.1");
    headers.put(prefix + "ANI", parties.callerNumber);
    headers.put(prefix + "Destination-Number", parties.destination);
    headers.put(prefix + "Unique-ID", uuid);
    headers.put(prefix + "Source", parties.inbound ? "mod_sofia" : "src/switch_ivr_originate.c");
    headers.put(prefix + "Context", parties.inbound ? "public" : "default");
    headers.put(prefix + "Channel-Name", name());
    headers.put(prefix + "Profile-Index", "1");
    headers.put(prefix + "Profile-Created-Time", Long.toString(createdMicros));
    headers.put(prefix + "Channel-Created-Time", Long.toString(createdMicros));
    headers.put(prefix + "Channel-Answered-Time", Long.toString(answeredMicros));
    headers.put(prefix + "Channel-Progress-Time", Long.toString(progressMicros));
    headers.put(prefix + "Channel-Progress-Media-Time", Long.toString(mediaMicros));
    headers.put(prefix + "Channel-Hangup-Time", Long.toString(hangupMicros));
    headers.put(prefix + "Channel-Transfer-Time", "0");
    headers.put(prefix + "Channel-Resurrect-Time", "0");
    headers.put(prefix + "Channel-Bridged-Time", "0");
    headers.put(prefix + "Channel-Last-Hold", "0");
    headers.put(prefix + "Channel-Hold-Accum", "0");
    headers.put(prefix + "Screen-Bit", "true");
    headers.put(prefix + "Privacy-Hide-Name", "false");
    headers.put(prefix + "Privacy-Hide-Number", "false");
  }
}
