package io.tandem.bench.hostile;

import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import io.tandem.protocol.wire.Serializer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client's end of a connection, on which anything may be sent: whole messages, parts of them,
 * control frames. Blocks its thread, as long as the node does not read.
 */
final class Enemy implements AutoCloseable {

  private static final int CONNECT_MILLIS = 5_000;

  /** Whoever waits longer for the node has been told enough. */
  private static final int READ_MILLIS = 10_000;

  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int WEB_SOCKET_PING = 9;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final boolean webSocket;
  private final int data;

  private Enemy(Socket socket, boolean webSocket, boolean text) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
    this.webSocket = webSocket;
    this.data = text ? 1 : 2;
  }

  /** Connects, and says nothing. */
  static Socket socket(String host, int port) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(READ_MILLIS);
    socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
    return socket;
  }

  /**
   * Opens a RawSocket.
   *
   * @param text JSON; else MessagePack
   */
  static Enemy rawSocket(Prey prey, boolean text) throws IOException {
    Enemy enemy = new Enemy(socket(prey.host(), prey.clients()), false, text);
    Serializer serializer = text ? Serializer.JSON : Serializer.MSGPACK;
    int octets = RawSocketHandshake.of(serializer, FrameHead.LONGEST).octets();
    enemy.write(ByteBuffer.allocate(RawSocketHandshake.LENGTH).putInt(octets).array());
    enemy.in.readInt();
    return enemy;
  }

  /** Opens a WebSocket that speaks JSON. */
  static Enemy webSocket(Prey prey) throws IOException {
    Enemy enemy = new Enemy(socket(prey.host(), prey.clients()), true, true);
    enemy.write(
        """
        GET /ws HTTP/1.1\r
        Host: %s:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Protocol: wamp.2.json\r
        \r
        """
            .formatted(prey.host(), prey.clients())
            .getBytes(StandardCharsets.US_ASCII));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    while (!answer.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      answer.write(enemy.in.readByte());
    }
    return enemy;
  }

  /** Opens a RawSocket with a session on it; it speaks JSON. */
  static Enemy session(Prey prey) throws IOException {
    return rawSocket(prey, true).join(prey);
  }

  Enemy join(Prey prey) throws IOException {
    String roles = "{\"caller\":{},\"callee\":{},\"publisher\":{},\"subscriber\":{}}";
    send("[1,\"%s\",{\"roles\":%s}]".formatted(prey.realm(), roles));
    receive();
    return this;
  }

  void send(String message) throws IOException {
    send(message.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] message) throws IOException {
    write(whole(message));
  }

  /** All but the last octet of a message of this length; no more than the header if it is 0. */
  void begin(int length) throws IOException {
    byte[] frame = whole(new byte[length]);
    write(ByteBuffer.allocate(frame.length - 1).put(frame, 0, frame.length - 1).array());
  }

  /** A message as the client's frame; the mask is 0, so it stays readable. */
  private byte[] whole(byte[] message) {
    ByteBuffer frame = ByteBuffer.allocate(14 + message.length);
    if (!webSocket) {
      frame.putInt(FrameHead.of(FrameType.MESSAGE, message.length));
    } else {
      frame.put((byte) (FINAL | data));
      webSocketLength(frame, message.length);
    }
    frame.put(message);
    return ByteBuffer.allocate(frame.position()).put(frame.flip()).array();
  }

  private static void webSocketLength(ByteBuffer frame, int length) {
    if (length < 126) {
      frame.put((byte) (MASKED | length));
    } else if (length < 1 << 16) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    frame.putInt(0);
  }

  /** This many pings, each with so many octets, in one go. */
  void pings(int count, int octets) throws IOException {
    ByteBuffer frames = ByteBuffer.allocate(count * (6 + octets));
    for (int i = 0; i < count; i++) {
      if (webSocket) {
        frames.put((byte) (FINAL | WEB_SOCKET_PING));
        webSocketLength(frames, octets);
      } else {
        frames.putInt(FrameHead.of(FrameType.PING, octets));
      }
      frames.put(new byte[octets]);
    }
    write(ByteBuffer.allocate(frames.position()).put(frames.flip()).array());
  }

  /** A message in parts of one octet each; WebSocket only. */
  void crumbs(String message) throws IOException {
    byte[] octets = message.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frames = ByteBuffer.allocate(octets.length * 7);
    for (int i = 0; i < octets.length; i++) {
      frames.put((byte) ((i == 0 ? data : 0) | (i == octets.length - 1 ? FINAL : 0)));
      webSocketLength(frames, 1);
      frames.put(octets[i]);
    }
    write(frames.array());
  }

  void write(byte[] octets) throws IOException {
    out.write(octets);
  }

  /** The next message; control frames count as empty ones. */
  String receive() throws IOException {
    boolean control;
    int length;
    if (webSocket) {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      length = second < 126 ? second : second == 126 ? in.readUnsignedShort() : (int) in.readLong();
      control = (first & 0x08) != 0;
    } else {
      int head = in.readInt();
      length = head & 0xFF_FFFF;
      control = head >>> 24 != 0;
    }
    byte[] message = in.readNBytes(length);
    return control ? "" : new String(message, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // It is.
    }
  }
}
