package org.rayo.testkit.phone;

/** A SIP header to send or that came; the same name may occur more than once. */
public record Header(String name, String value) {}
