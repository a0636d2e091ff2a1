package org.rayo.protocol;

import org.dom4j.Element;

/** Reads the commands of one element name. */
@FunctionalInterface
interface CommandElementReader {

  /** The command, whole and valid in itself, or the error that its client gets. */
  RayoCommand read(Element command, Dialect dialect) throws CommandRefusedException;
}
