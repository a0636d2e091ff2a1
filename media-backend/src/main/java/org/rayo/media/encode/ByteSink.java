package org.rayo.media.encode;

/** Where an encoder's bytes go, one after the other. */
@FunctionalInterface
public interface ByteSink {

  /** Takes a copy of these bytes: the array is the caller's again afterwards. */
  void append(byte[] bytes, int offset, int length);
}
