package org.rayo.server.campaign;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.PhoneCall;

/** A {@code <record/>} that was sent, and what its caller had said when. */
final class Take {

  static final int MILLIS_PER_PACKET = 20;

  final RayoClient client;
  final PhoneCall call;
  final String address;
  private final String commandId;
  private final long longestMillis;
  private OptionalLong saidWhenBegun = OptionalLong.empty();
  private OptionalLong saidMillis = OptionalLong.empty();
  private boolean killed;
  private boolean disturbed;
  private boolean noRoom;
  private boolean torn;

  /**
   * @param address of the call
   * @param commandId the id of the command, which the answer has too
   * @param longestMillis its {@code max-duration}
   */
  Take(RayoClient client, PhoneCall call, String address, String commandId, long longestMillis) {
    this.client = client;
    this.call = call;
    this.address = address;
    this.commandId = commandId;
    this.longestMillis = longestMillis;
  }

  /** Waits for the answer. */
  Optional<Received> answer(Duration patience) {
    return client.await(stanza -> stanza.answers(commandId), patience);
  }

  /** The address of the recording, if it is known to have been acknowledged. */
  Optional<String> component() {
    return answer(Duration.ZERO).filter(Received::isResult).map(Received::ref);
  }

  Optional<Received> complete(Duration patience) {
    return component()
        .flatMap(c -> client.await(s -> s.isEvent("complete") && s.from().equals(c), patience));
  }

  /** The answer has come. */
  synchronized void begun() {
    saidWhenBegun = OptionalLong.of(call.packetsSent() * MILLIS_PER_PACKET);
  }

  /** How much of what the caller had said came after the answer; 0 if none came in time. */
  synchronized long saidSinceBegun(long saidMillis) {
    return saidMillis - saidWhenBegun.orElse(saidMillis);
  }

  long longestMillis() {
    return longestMillis;
  }

  /** A command that ends it is about to be sent: what is said from now on need not be in it. */
  synchronized void ending() {
    said();
  }

  /**
   * The server is dead: what was not said by now cannot be in it. The caller says no more.
   *
   * @param starved whether it may have been behind, for want of a processor
   */
  synchronized void killed(boolean starved) {
    if (complete(Duration.ZERO).isEmpty()) {
      said();
      disturbed |= starved && !killed;
      killed = true;
    }
    call.stopRtp();
    call.hangup();
  }

  private void said() {
    if (saidMillis.isEmpty()) {
      saidMillis = OptionalLong.of(call.packetsSent() * MILLIS_PER_PACKET);
    }
  }

  /** Something other than a kill may have cost audio. */
  synchronized void disturbed() {
    disturbed = true;
  }

  /** Some of what was on the disk was garbled or cut off. */
  synchronized void torn() {
    torn = true;
    disturbed = true;
  }

  /** Whether some of it may make no sense to a decoder. */
  synchronized boolean isTorn() {
    return torn;
  }

  /** The disk is full. */
  synchronized void noRoom() {
    noRoom = true;
    disturbed = true;
  }

  /** Whether the disk was full at some time. */
  synchronized boolean hadNoRoom() {
    return noRoom;
  }

  /** How much the caller had said, from the answer on, if nothing but a kill cut it off. */
  synchronized OptionalLong saidBeforeKill() {
    return killed && !disturbed ? saidMillis : OptionalLong.empty();
  }
}
