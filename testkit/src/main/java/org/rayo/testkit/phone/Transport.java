package org.rayo.testkit.phone;

/** What carries SIP messages. */
public enum Transport {
  UDP,
  TCP;

  String token() {
    return this == UDP ? "udp" : "tcp";
  }
}
