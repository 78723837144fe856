package io.tandem.cluster.proof;

import io.netty.channel.ChannelHandler;
import io.tandem.cluster.proof.Handshake.Purpose;
import io.tandem.registry.NodeId;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before all connections of a node with others of its cluster: nothing else is taken from
 * one, and nothing sent on it, before both sides have proved that they know the secret. Any thread.
 *
 * <p>Where the nodes have certificates, all of that is within TLS, and so is what comes after the
 * proof. Otherwise that is as safe as TCP is: who can change what is on its way between two nodes
 * can take a connection over. See docs/decisions/0026-cluster-secret.md.
 */
public final class Gatekeeper {

  private static final Logger LOG = LoggerFactory.getLogger(Gatekeeper.class);

  /** A connection that has not proved itself after so long is closed. */
  public static final Duration PATIENCE = Duration.ofSeconds(3);

  /** How many may be waited for at once: some for each lane of the usual number of nodes. */
  private static final int MOST_LINKS = 256;

  /** Each of them has one of Hazelcast's 16 threads for input and output. */
  private static final int MOST_RECORD = 8;

  /** Of one who is refused, octets: more than the rest of a handshake. */
  private static final int MOST_HEARD = 64 * 1024;

  private static final long TELL_EVERY = Duration.ofSeconds(10).toNanos();

  private final ClusterKey key;
  private final NodeId self;
  private final Purpose purpose;
  private final Unproved unproved;
  private final AtomicLong told = new AtomicLong(System.nanoTime() - TELL_EVERY);

  private Gatekeeper(ClusterKey key, NodeId self, Purpose purpose, int most) {
    this.key = key;
    this.self = self;
    this.purpose = purpose;
    this.unproved = new Unproved(most);
  }

  /** For the connections that carry frames of links. */
  public static Gatekeeper ofLinks(ClusterKey key, NodeId self) {
    return new Gatekeeper(key, self, Purpose.LINKS, MOST_LINKS);
  }

  /** For those of Hazelcast. */
  public static Gatekeeper ofRecord(ClusterKey key, NodeId self) {
    return new Gatekeeper(key, self, Purpose.RECORD, MOST_RECORD);
  }

  /** The first handler on a connection that came in; it goes when the proof is made. */
  public ChannelHandler answer() {
    return new ProofHandler(this, handshake(false), engine(false));
  }

  /** The first handler on a connection to another node; what is written waits for the proof. */
  public ChannelHandler call() {
    return new ProofHandler(this, handshake(true), engine(true));
  }

  /**
   * Makes the proof on a connection that came in. Blocks for at most {@link #PATIENCE}.
   *
   * @return in what TLS the connection goes on; null without
   * @throws IOException when there is no proof; the cause is a {@link NotProvedException} when the
   *     other side is no node of this cluster
   */
  public @Nullable SSLEngine answer(Socket socket) throws IOException {
    Runnable closer = () -> close(socket);
    unproved.enter(closer);
    try {
      return prove(socket, false);
    } finally {
      unproved.leave(closer);
    }
  }

  /** Makes the proof on a connection to another node, as {@link #answer(Socket)} does. */
  public @Nullable SSLEngine call(Socket socket) throws IOException {
    return prove(socket, true);
  }

  /** In what TLS a connection is; null without. */
  @Nullable SSLEngine engine(boolean calls) {
    NodeTls tls = key.tls();
    return tls == null ? null : tls.engine(calls);
  }

  private Handshake handshake(boolean calls) {
    return new Handshake(key, purpose, self, calls);
  }

  Unproved unproved() {
    return unproved;
  }

  private @Nullable SSLEngine prove(Socket socket, boolean calls) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    SSLEngine engine = engine(calls);
    try {
      if (engine == null) {
        prove(
            handshake(calls),
            count -> read(socket, count, deadline),
            socket.getOutputStream()::write);
      } else {
        TlsSocket tls = new TlsSocket(socket, engine, deadline);
        tls.handshake();
        prove(handshake(calls), tls::read, tls::write);
      }
    } catch (TlsSocket.NoTlsException plain) {
      if (!calls) {
        refuseWithoutTls(socket, deadline);
      }
      throw refused(socket, new NotProvedException(plain), deadline);
    } catch (SSLException stranger) {
      throw refused(socket, new NotProvedException(stranger), deadline);
    } catch (NotProvedException stranger) {
      throw refused(socket, stranger, deadline);
    }
    socket.setSoTimeout(0);
    return engine;
  }

  private interface Input {
    byte[] read(int octets) throws IOException;
  }

  private interface Output {
    void write(byte[] octets) throws IOException;
  }

  private static void prove(Handshake handshake, Input in, Output out)
      throws IOException, NotProvedException {
    out.write(handshake.begin());
    while (handshake.awaits() > 0) {
      byte[] message = in.read(handshake.awaits());
      try {
        out.write(handshake.take(message));
      } catch (NotProvedException stranger) {
        out.write(handshake.refusal());
        throw stranger;
      }
    }
  }

  /** One who has a secret and no TLS is told as if the secret were another one. */
  private static void refuseWithoutTls(Socket socket, long deadline) throws IOException {
    read(socket, Handshake.HELLO - TlsSocket.HEADER, deadline);
    socket.getOutputStream().write(Handshake.refusalWithoutTls());
  }

  private IOException refused(Socket socket, NotProvedException stranger, long deadline) {
    refused(socket.getRemoteSocketAddress(), stranger.getMessage());
    hearOut(socket, deadline);
    return new IOException(stranger.getMessage(), stranger);
  }

  /**
   * Takes what the other side still says until it ends, too, or its time is over. To close before
   * would reset the connection, and it might not come to read why it is refused.
   */
  private static void hearOut(Socket socket, long deadline) {
    try {
      socket.shutdownOutput();
      byte[] unheeded = new byte[1024];
      for (int heard = 0; heard < MOST_HEARD; ) {
        heard += readSome(socket, unheeded, 0, deadline);
      }
    } catch (IOException over) {
      // as it should be
    }
  }

  static byte[] read(Socket socket, int octets, long deadline) throws IOException {
    byte[] message = new byte[octets];
    for (int have = 0; have < octets; ) {
      have += readSome(socket, message, have, deadline);
    }
    return message;
  }

  private static int readSome(Socket socket, byte[] into, int from, long deadline)
      throws IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("no proof in time");
    }
    socket.setSoTimeout((int) left);
    int octets = socket.getInputStream().read(into, from, into.length - from);
    if (octets < 0) {
      throw new EOFException("closed before the proof");
    }
    return octets;
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException goneAlready) {
      // as it should be
    }
  }

  /** Tells of a refused connection, of many not each. */
  void refused(@Nullable Object address, @Nullable String why) {
    long now = System.nanoTime();
    long before = told.get();
    if (now - before >= TELL_EVERY && told.compareAndSet(before, now)) {
      LOG.warn("a connection with {} is refused: {}", address, why);
    }
  }
}
