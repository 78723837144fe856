package io.tandem.bench.hostile;

import io.tandem.bench.octets.Values;
import io.tandem.bench.octets.WebSocketOctets;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import io.tandem.protocol.wire.Serializer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of a connection, on which anything may be sent: whole messages, parts of them,
 * control frames, nonsense. Blocks its thread, as long as the node does not read.
 */
final class Enemy implements AutoCloseable {

  /** The node did not let a connection become what it was to be. */
  static final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    RefusedException(String word) {
      super(word);
    }
  }

  /** What comes before the first message, and between messages. */
  private enum Framing {
    NONE,
    RAW_SOCKET,
    WEB_SOCKET
  }

  private static final int CONNECT_MILLIS = 5_000;

  /** Whoever waits longer for the node has been told enough. */
  private static final int READ_MILLIS = 10_000;

  /** The first octet of an alert of TLS. */
  private static final int ALERT = 0x15;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private Framing framing = Framing.NONE;
  private Serializer serializer = Serializer.JSON;

  private Enemy(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  /** On a connection that is there. */
  static Enemy on(Socket socket) throws IOException {
    return new Enemy(socket);
  }

  /** Connects, and says nothing. */
  static Socket socket(String host, int port) throws IOException {
    return socket(host, port, null);
  }

  /**
   * The same.
   *
   * @param from the address to connect from; null for any
   */
  static Socket socket(String host, int port, @Nullable String from) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(READ_MILLIS);
    if (from != null) {
      socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
    }
    socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
    return socket;
  }

  // ---- openings ----

  /** Makes it a RawSocket. */
  Enemy rawSocket(Serializer speaks) throws IOException {
    write(handshake(RawSocketHandshake.of(speaks, FrameHead.LONGEST).octets()));
    String word = openingWord();
    if (!word.isEmpty()) {
      throw new RefusedException(word);
    }
    framing = Framing.RAW_SOCKET;
    serializer = speaks;
    return this;
  }

  /** The four octets of a handshake. */
  static byte[] handshake(int octets) {
    return ByteBuffer.allocate(RawSocketHandshake.LENGTH).putInt(octets).array();
  }

  /** Makes it a WebSocket. */
  Enemy webSocket(Serializer speaks, String host, String... moreHeaders) throws IOException {
    write(WebSocketOctets.request(host, "wamp.2." + speaks.wireName(), moreHeaders));
    String word = openingWord();
    if (!word.equals("HTTP 101")) {
      throw new RefusedException(word);
    }
    framing = Framing.WEB_SOCKET;
    serializer = speaks;
    return this;
  }

  /** What the node answers to an opening; empty for a RawSocket that is open. */
  private String openingWord() throws IOException {
    int first = in.readUnsignedByte();
    if (first == RawSocketHandshake.MAGIC) {
      int rest = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      RawSocketHandshake answer = new RawSocketHandshake(first << 24 | rest);
      return answer.serializerNumber() == 0 ? "RawSocket error " + (rest >>> 20) : "";
    } else if (first == ALERT) {
      return "TLS alert";
    }
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(first);
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      head.write(in.readByte());
    }
    String[] line = head.toString(StandardCharsets.US_ASCII).split(" ", 3);
    return "HTTP " + (line.length < 2 ? "?" : line[1]);
  }

  /** Makes it a session. */
  Enemy join(String realm) throws IOException {
    send(
        List.of(
            MessageCode.HELLO.number(),
            realm,
            Map.of(
                "roles",
                Map.of(
                    "caller", Map.of(),
                    "callee", Map.of(),
                    "publisher", Map.of(),
                    "subscriber", Map.of()))));
    String word = verdict();
    if (!word.equals(MessageCode.WELCOME.name())) {
      throw new RefusedException(word);
    }
    return this;
  }

  // ---- out ----

  /** JSON, whatever the serializer is. */
  void send(String message) throws IOException {
    send(message.getBytes(StandardCharsets.UTF_8));
  }

  /** Values, in the serializer of the connection. */
  void send(List<?> message) throws IOException {
    send(Values.encode(serializer, message));
  }

  void send(byte[] message) throws IOException {
    write(whole(message));
  }

  /** All but the last octet of a message of this length; no more than the header if it is 0. */
  void begin(int length) throws IOException {
    byte[] frame = whole(new byte[length]);
    write(ByteBuffer.allocate(frame.length - 1).put(frame, 0, frame.length - 1).array());
  }

  /** A message as the client's frame. */
  private byte[] whole(byte[] message) {
    if (framing == Framing.WEB_SOCKET) {
      int data = serializer.isText() ? WebSocketOctets.TEXT : WebSocketOctets.BINARY;
      return WebSocketOctets.frame(WebSocketOctets.FINAL | data, message);
    }
    return rawFrame(FrameHead.of(FrameType.MESSAGE, message.length), message);
  }

  /** A frame of RawSocket with whatever head. */
  static byte[] rawFrame(int head, byte[] payload) {
    return ByteBuffer.allocate(FrameHead.LENGTH + payload.length).putInt(head).put(payload).array();
  }

  /** This many pings, each with so many octets, in one go. */
  void pings(int count, int octets) throws IOException {
    byte[] ping =
        framing == Framing.WEB_SOCKET
            ? WebSocketOctets.frame(WebSocketOctets.FINAL | WebSocketOctets.PING, new byte[octets])
            : rawFrame(FrameHead.of(FrameType.PING, octets), new byte[octets]);
    repeat(ping, count);
  }

  /** The same octets again and again, in one go. */
  void repeat(byte[] octets, int count) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(octets.length * count);
    for (int i = 0; i < count; i++) {
      all.put(octets);
    }
    write(all.array());
  }

  void write(byte[] octets) throws IOException {
    out.write(octets);
  }

  // ---- in ----

  /** The values of the next message of which somebody may want to know more than its name. */
  List<@Nullable Object> receiveValues() throws IOException {
    byte[] message = receive();
    while (message.length == 0) {
      message = receive();
    }
    return Values.decode(serializer, message);
  }

  /** Waits until the node has answered a ping. */
  void receiveControl() throws IOException {
    while (receive().length > 0) {
      // A message, of which others come too.
    }
  }

  /** The next message; control frames count as empty ones. */
  private byte[] receive() throws IOException {
    boolean control;
    int length;
    if (framing == Framing.WEB_SOCKET) {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      length = second < 126 ? second : second == 126 ? in.readUnsignedShort() : (int) in.readLong();
      control = (first & 0x08) != 0;
      if ((first & 0x0F) == WebSocketOctets.CLOSE) {
        int code = length < 2 ? 1005 : in.readUnsignedShort();
        throw new RefusedException("close " + code);
      }
    } else {
      int head = in.readInt();
      length = head & 0xFF_FFFF;
      control = head >>> 24 != 0;
    }
    byte[] message = in.readNBytes(length);
    if (message.length < length) {
      throw new EOFException();
    }
    return control ? new byte[0] : message;
  }

  /**
   * What the next answer is called: the status of HTTP, the error of RawSocket, the code of a
   * close; the name of a message, and with it the URI in ERROR, ABORT and GOODBYE.
   *
   * @throws RefusedException where it is a close
   */
  String verdict() throws IOException {
    if (framing == Framing.NONE) {
      return openingWord();
    }
    while (true) {
      String word = word(receive());
      if (!word.isEmpty()) {
        return word;
      }
    }
  }

  /** The next refusal; what else is said is passed over. */
  String refusal() throws IOException {
    while (true) {
      byte[] message = receive();
      if (isRefusal(message)) {
        return word(message);
      }
    }
  }

  /** Told from two octets, since there may be many messages. */
  private boolean isRefusal(byte[] message) {
    if (message.length < 3) {
      return false;
    }
    int code = message[1];
    if (serializer.isText()) {
      code = message[2] == ',' ? code - '0' : -1;
    }
    return code == MessageCode.ABORT.number()
        || code == MessageCode.GOODBYE.number()
        || code == MessageCode.ERROR.number();
  }

  private String word(byte[] message) {
    if (message.length == 0) {
      return "";
    }
    List<@Nullable Object> values = Values.decode(serializer, message);
    MessageCode code =
        values.isEmpty() || !(values.get(0) instanceof Long number) ? null : MessageCode.of(number);
    if (code == null) {
      return "nonsense";
    }
    return switch (code) {
      case EVENT, INVOCATION, INTERRUPT -> "";
      case ABORT, GOODBYE -> code + " " + values.get(2);
      case ERROR -> code + " " + values.get(4);
      default -> code.name();
    };
  }

  /** Has the end be a reset: the node gets no chance to say anything. */
  void resetAtEnd() throws IOException {
    socket.setSoLinger(true, 0);
  }

  /** Ends it now, by a reset. */
  void reset() {
    try {
      resetAtEnd();
    } catch (IOException alreadyGone) {
      // It is.
    }
    close();
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
