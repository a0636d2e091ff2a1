package org.rayo.testkit.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A port on loopback behind which another one lies, and a line between them that can be cut without
 * either side noticing. Any thread may use it.
 */
public final class TcpRelay implements AutoCloseable {

  private static final int BLOCK = 8192;

  private final int target;
  private final ServerSocket listener;
  private final Set<Line> lines = ConcurrentHashMap.newKeySet();
  private volatile boolean silent;

  /** A connection and its continuation. */
  private final class Line {
    private final Socket near;
    private final Socket far;

    Line(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    void open() {
      lines.add(this);
      thread(() -> pump(near, far));
      thread(() -> pump(far, near));
    }

    private void pump(Socket from, Socket to) {
      try {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] block = new byte[BLOCK];
        for (int read = in.read(block); read >= 0; read = in.read(block)) {
          if (!silent) {
            send(out, block, read);
          }
        }
      } catch (IOException e) {
        // Either side has gone; so does the other.
      }
      close(false);
    }

    private void send(OutputStream out, byte[] bytes, int count) throws IOException {
      synchronized (out) {
        out.write(bytes, 0, count);
        out.flush();
      }
    }

    void say(String text) {
      try {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(near.getOutputStream(), bytes, bytes.length);
      } catch (IOException e) {
        // It has gone already.
      }
      close(false);
    }

    void close(boolean reset) {
      lines.remove(this);
      for (Socket socket : new Socket[] {near, far}) {
        try {
          if (reset) {
            socket.setSoLinger(true, 0);
          }
          socket.close();
        } catch (IOException e) {
          // It was closed.
        }
      }
    }
  }

  /**
   * Listens on a free port.
   *
   * @param target the port on loopback to which everything goes
   */
  public TcpRelay(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on loopback", e);
    }
    thread(this::accept);
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "tcp-relay");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        near.setTcpNoDelay(true);
        connect(near);
      } catch (IOException e) {
        // Closed, or the one who connected has gone.
      }
    }
  }

  private void connect(Socket near) throws IOException {
    try {
      Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
      far.setTcpNoDelay(true);
      new Line(near, far).open();
    } catch (IOException e) {
      near.close();
    }
  }

  /** The port to connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** From now on what either side says is taken and lost; connections stay open. */
  public void fallSilent() {
    silent = true;
  }

  /** Ends the silence: connections that are open are reset, and new ones work. */
  public void recover() {
    lines.forEach(line -> line.close(true));
    silent = false;
  }

  /** Says this to whoever has connected, in the other side's place, and hangs up. */
  public void sayAndClose(String text) {
    lines.forEach(line -> line.say(text));
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // Nobody can connect any more, which is what was wanted.
    }
    lines.forEach(line -> line.close(true));
  }
}
