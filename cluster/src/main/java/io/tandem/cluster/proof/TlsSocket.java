package io.tandem.cluster.proof;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS on a socket that blocks, for as long as the proof takes. Records are read one by one, each of
 * them whole, so whoever goes on with the engine misses nothing. One thread.
 */
final class TlsSocket {

  static final int HEADER = 5;

  /** The types of records, ChangeCipherSpec to application data. */
  private static final int FIRST_TYPE = 20;

  private static final int LAST_TYPE = 23;

  private final Socket socket;
  private final SSLEngine engine;
  private final long deadline;
  private final ByteBuffer sent;

  /** What has arrived and is not read yet; ready to be written into. */
  private final ByteBuffer arrived;

  /**
   * @param deadline as of {@code System.nanoTime()}, for all that is read
   */
  TlsSocket(Socket socket, SSLEngine engine, long deadline) {
    this.socket = socket;
    this.engine = engine;
    this.deadline = deadline;
    this.sent = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    this.arrived = ByteBuffer.allocate(2 * engine.getSession().getApplicationBufferSize());
  }

  /** The other side speaks no TLS at all; the octets read are what it says instead. */
  static final class NoTlsException extends SSLException {
    private static final long serialVersionUID = 1L;

    NoTlsException() {
      super("it does not begin with TLS");
    }
  }

  /**
   * Makes both sides known to each other.
   *
   * @throws SSLException when one of them is not believed; the other side has been told
   */
  void handshake() throws IOException {
    try {
      engine.beginHandshake();
      while (true) {
        HandshakeStatus next = engine.getHandshakeStatus();
        if (next == HandshakeStatus.NEED_WRAP) {
          wrap(ByteBuffer.allocate(0));
        } else if (next == HandshakeStatus.NEED_TASK) {
          runTasks();
        } else if (next == HandshakeStatus.NOT_HANDSHAKING || next == HandshakeStatus.FINISHED) {
          return;
        } else {
          unwrap();
        }
      }
    } catch (SSLException refused) {
      alert();
      throw refused;
    }
  }

  void write(byte[] octets) throws IOException {
    ByteBuffer plain = ByteBuffer.wrap(octets);
    while (plain.hasRemaining()) {
      wrap(plain);
    }
  }

  byte[] read(int octets) throws IOException {
    while (arrived.position() < octets) {
      unwrap();
    }
    byte[] read = new byte[octets];
    arrived.flip().get(read);
    arrived.compact();
    return read;
  }

  private void wrap(ByteBuffer plain) throws IOException {
    sent.clear();
    SSLEngineResult result = engine.wrap(plain, sent);
    socket.getOutputStream().write(sent.array(), 0, sent.position());
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new EOFException("closed before the proof");
    }
  }

  /** Takes one record. */
  private void unwrap() throws IOException {
    ByteBuffer record = ByteBuffer.wrap(record());
    while (record.hasRemaining()) {
      SSLEngineResult result = engine.unwrap(record, arrived);
      if (result.getStatus() != SSLEngineResult.Status.OK) {
        throw new EOFException("closed before the proof");
      }
      runTasks();
    }
  }

  private byte[] record() throws IOException {
    byte[] header = Gatekeeper.read(socket, HEADER, deadline);
    if (header[0] < FIRST_TYPE || header[0] > LAST_TYPE) {
      throw new NoTlsException();
    }
    int length = (header[3] & 0xff) << 8 | (header[4] & 0xff);
    if (length > sent.capacity() - HEADER) {
      throw new SSLException("a record of " + length + " octets");
    }
    byte[] body = Gatekeeper.read(socket, length, deadline);
    return ByteBuffer.allocate(HEADER + length).put(header).put(body).array();
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /** Says why, if the engine has something to say. */
  private void alert() {
    try {
      while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        wrap(ByteBuffer.allocate(0));
      }
    } catch (IOException goneAlready) {
      // nobody is there to be told
    }
  }
}
