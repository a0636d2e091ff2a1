package org.rayo.media.contract;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaCall;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.IncomingCall;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/**
 * Where the contract is tried: a started backend, and phones that ring in and are called. One
 * serves all tests of a class; each test ends the calls that it began.
 */
abstract class World implements AutoCloseable {

  /** What a backend may refuse as unsupported, but never ignore. */
  enum Feature {
    /** A call is joined to several others at once. */
    SEVERAL_JOINS,
    /** A join of two calls in one direction. */
    ONE_WAY_JOIN,
    /** Louder, softer, faster, slower. */
    OUTPUT_CHANGES
  }

  static final long PATIENCE_SECONDS = 20;

  private final SoftPhone caller = SoftPhone.create();
  private final BlockingQueue<MediaCall> incoming = new LinkedBlockingQueue<>();

  /** A call that rang in, seen from both ends. */
  record Rung(PhoneCall phone, MediaCall call, Told told) {

    /** Ends it, if it is up, and waits for that. */
    void end() throws Exception {
      phone.hangup();
      phone.ended().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  abstract MediaBackend backend();

  /** Whom a phone calls to ring in. */
  abstract String uri();

  /** A directory in which what is to be played may be put. */
  abstract Path prompts();

  boolean has(Feature feature) {
    return true;
  }

  /** How much of what was said may be missing from a recording, in samples. */
  int missingSamples() {
    return 320;
  }

  /** By how much a tone may be longer in a recording than it was said, in samples. */
  int addedSamples() {
    return 160;
  }

  /** What a phone hears, as a whole. */
  short[] heard(PhoneCall phone) {
    return phone.heard();
  }

  final void incoming(MediaCall call) {
    incoming.add(call);
  }

  CallOptions.Builder call() {
    return CallOptions.to(uri()).from("1234").telephoneEvent(true);
  }

  Rung ring(CallOptions options) throws Exception {
    incoming.clear();
    PhoneCall phone = caller.call(options);
    MediaCall call = incoming.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call came in");
    }
    return new Rung(phone, call, Told.of(call));
  }

  Rung ring() throws Exception {
    return ring(call().build());
  }

  /** A call that is up, in which the phone says nothing yet. */
  Rung answered() throws Exception {
    return answer(ring());
  }

  /** A call that is up, in which the phone says this from the answer on. */
  Rung answered(AudioSource says) throws Exception {
    return answer(ring(call().audio(says).build()));
  }

  private static Rung answer(Rung rung) throws Exception {
    Told.done(rung.call().answer(List.of()));
    rung.phone().answered().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return rung;
  }

  /** The address of a phone that can be called. */
  URI address(SoftPhone phone) {
    return URI.create(phone.uri("bob"));
  }

  static IncomingCall incoming(SoftPhone phone) throws Exception {
    IncomingCall call = phone.incoming().poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("the phone was not called");
    }
    return call;
  }

  @Override
  public void close() throws Exception {
    caller.close();
  }
}
