package org.rayo.server.campaign;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A store that can be looked into, and to which something can happen. */
interface TroubledStore extends AutoCloseable {

  /** The server's configuration of it, in HOCON. */
  String config();

  /**
   * Something else is wrong with it from now on.
   *
   * @return what, in a word
   */
  String trouble(Random random) throws IOException;

  /** Nothing is wrong with it any more. */
  void heal() throws IOException;

  /** The objects whose name has this in it, each as a file. */
  List<Path> objects(String recordingId) throws IOException;

  /** What is to be read at a uri that a client was given. */
  Optional<Path> at(String uri) throws IOException;

  /** How many objects were replaced by others of the same name that differ. */
  int changed();

  @Override
  void close();
}
