package org.rayo.testkit.phone;

/** Why a call of the phone is over. */
public enum HangupCause {
  /** We sent BYE. */
  LOCAL_BYE,
  /** The other side sent BYE. */
  REMOTE_BYE,
  /** We sent CANCEL before an answer, or the caller sent it to us. */
  CANCELLED,
  /** The call was refused with a final answer of 300 or more. */
  REFUSED,
  /** The other side never answered a request. */
  TIMED_OUT
}
