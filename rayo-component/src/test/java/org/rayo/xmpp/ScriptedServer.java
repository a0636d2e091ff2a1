package org.rayo.xmpp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.dom4j.Element;

/** The server's side of XEP-0114, done by hand, for what a real server would not do. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final List<Peer> peers = new CopyOnWriteArrayList<>();

  ScriptedServer() throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Waits for a connection and lets it in. */
  Peer accept() throws Exception {
    Peer peer = acceptSilently();
    peer.write(Stanzas.OPEN);
    if (!peer.next().getName().equals("handshake")) {
      throw new AssertionError("no handshake");
    }
    peer.write("<handshake/>");
    return peer;
  }

  /** Waits for a connection and says nothing on it. */
  Peer acceptSilently() throws IOException {
    Peer peer = new Peer(listener.accept());
    peers.add(peer);
    return peer;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Peer peer : peers) {
      peer.close();
    }
  }

  /** One connection. */
  static final class Peer implements AutoCloseable {
    private final Socket socket;
    private final Stanzas.Collected found = new Stanzas.Collected();
    private final StanzaParser parser = new StanzaParser(1 << 20, found);

    private Peer(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(10_000);
    }

    void write(String xml) throws IOException {
      write(xml.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** The next element; waits for it, fails at the end of the stream. */
    Element next() throws Exception {
      read();
      return found.elements.remove(0);
    }

    /** Whether the stream ends properly before any more elements. */
    boolean ends() throws Exception {
      while (found.elements.isEmpty() && found.closed == 0 && readSome()) {}
      return found.elements.isEmpty() && found.closed == 1;
    }

    private void read() throws Exception {
      while (found.elements.isEmpty()) {
        if (!readSome()) {
          throw new AssertionError("the connection was closed");
        }
      }
    }

    private boolean readSome() throws Exception {
      byte[] buffer = new byte[8192];
      InputStream in = socket.getInputStream();
      int count = in.read(buffer);
      if (count > 0) {
        parser.feed(buffer, 0, count);
      }
      return count > 0;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
