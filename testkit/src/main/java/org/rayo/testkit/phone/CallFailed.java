package org.rayo.testkit.phone;

import java.util.Optional;

/** A call, or a change of it, that was refused. */
public final class CallFailed extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;
  private final Optional<String> contact;

  CallFailed(int status, String reason, Optional<String> contact) {
    super(status + " " + reason + contact.map(uri -> ", contact " + uri).orElse(""));
    this.status = status;
    this.reason = reason;
    this.contact = contact;
  }

  /** The status of the final response; 408 too when no response came. */
  public int status() {
    return status;
  }

  /** The reason phrase. */
  public String reason() {
    return reason;
  }

  /** The URI of the response's first Contact: where a 302 points. */
  public Optional<String> contact() {
    return contact;
  }
}
