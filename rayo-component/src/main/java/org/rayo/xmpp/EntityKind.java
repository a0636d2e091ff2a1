package org.rayo.xmpp;

/** The kinds of entity that have an address at this component. */
public enum EntityKind {
  /** The Rayo server: the domain itself. */
  SERVER,
  /** A call. */
  CALL,
  /** A mixer. */
  MIXER,
  /** A component of a call or a mixer, such as a recording. */
  COMPONENT
}
