package org.rayo.media.output;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web server on loopback that answers every connection as the test says, well or badly. */
final class RawServer implements AutoCloseable {

  /** What it does with a connection whose request has been read. */
  interface Answer {
    void to(OutputStream out) throws Exception;
  }

  final List<String> requests = new CopyOnWriteArrayList<>();
  private final ServerSocket socket;
  private final Answer answer;

  RawServer(Answer answer) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), answer);
  }

  RawServer(ServerSocket socket, Answer answer) {
    this.socket = socket;
    this.answer = answer;
    thread(this::accept);
  }

  /** One that always answers this. */
  static RawServer saying(String head, byte[] body) throws IOException {
    return new RawServer(
        out -> {
          out.write(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
          out.write(body);
        });
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        thread(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
      StringBuilder request = new StringBuilder();
      for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
        request.append(line).append('\n');
      }
      requests.add(request.toString());
      answer.to(connection.getOutputStream());
      connection.getOutputStream().flush();
    } catch (Exception e) { // the client went away, as it should from some of them
      return;
    }
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
