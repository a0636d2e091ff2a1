package org.rayo.media.freeswitch.capture;

/** One side of a call's audio, seen from the caller. */
public enum Side {
  /** What the caller says: FreeSWITCH reads it from the channel. */
  SAID,
  /** What the caller hears: FreeSWITCH writes it to the channel. */
  HEARD
}
