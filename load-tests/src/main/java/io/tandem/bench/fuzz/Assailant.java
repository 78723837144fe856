package io.tandem.bench.fuzz;

import io.tandem.bench.octets.Values;
import io.tandem.bench.octets.WebSocketOctets;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import io.tandem.protocol.wire.Serializer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Plays a case against a node and looks at what the node says: whatever it is told, it has to keep
 * the rules itself, and to end when its client has. Blocks its thread.
 */
final class Assailant {

  private static final int CONNECT_MILLIS = 5_000;

  /** For the node to end a connection whose client has ended it, on however busy a machine. */
  private static final int END_MILLIS = 60_000;

  /** For an answer without which a case does not go on; there may be none. */
  private static final int ANSWER_MILLIS = 150;

  /** As long as nothing more is said, the node has nothing more to say. */
  private static final int SILENCE_MILLIS = 30;

  /** What a router sends to clients. */
  private static final Set<MessageCode> OF_ROUTER =
      Set.of(
          MessageCode.WELCOME,
          MessageCode.ABORT,
          MessageCode.CHALLENGE,
          MessageCode.GOODBYE,
          MessageCode.ERROR,
          MessageCode.PUBLISHED,
          MessageCode.SUBSCRIBED,
          MessageCode.UNSUBSCRIBED,
          MessageCode.EVENT,
          MessageCode.RESULT,
          MessageCode.REGISTERED,
          MessageCode.UNREGISTERED,
          MessageCode.INVOCATION,
          MessageCode.INTERRUPT);

  /** The node has broken a rule. */
  static final class Misbehavior extends Exception {

    private static final long serialVersionUID = 1;

    Misbehavior(String how) {
      super(how);
    }
  }

  private final Socket socket;
  private final DataInputStream in;
  private @Nullable Serializer speaks;
  private boolean isWebSocket;
  private List<@Nullable Object> last = List.of();
  private boolean joined;

  private Assailant(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
  }

  /**
   * Plays it.
   *
   * @return whether it became a session
   * @throws IOException when there is no connection to be had
   * @throws Misbehavior when the node does something that it must not
   */
  static boolean play(Case played, String host, int port) throws IOException, Misbehavior {
    try (Socket socket = new Socket()) {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      if (played.resets()) {
        socket.setSoLinger(true, 0);
      }
      Assailant assailant = new Assailant(socket);
      assailant.send(played);
      assailant.hear(ANSWER_MILLIS, SILENCE_MILLIS);
      if (!played.resets()) {
        assailant.end();
      }
      return assailant.joined;
    }
  }

  private void send(Case played) throws Misbehavior {
    try {
      OutputStream out = socket.getOutputStream();
      for (Step step : played.steps()) {
        if (step.waits()) {
          hearOne();
        }
        out.write(step.octets(last));
      }
    } catch (IOException ended) {
      // What it says all the same is there to be read.
    }
  }

  /**
   * Waits for a message, if there is one: without one a case goes on with what was heard before.
   */
  private void hearOne() throws IOException, Misbehavior {
    if (speaks == null && isSpoken(ANSWER_MILLIS)) {
      opening();
    }
    if (speaks != null && isSpoken(ANSWER_MILLIS)) {
      message();
    }
  }

  /**
   * What it says, until it is silent; true when it has ended.
   *
   * @param first how long it may take to begin, in milliseconds
   * @param more and to go on
   */
  private boolean hear(int first, int more) throws Misbehavior {
    try {
      if (!isSpoken(first)) {
        return false;
      }
      if (speaks == null) {
        opening();
      }
      while (speaks != null) {
        if (!isSpoken(more)) {
          return false;
        }
        message();
      }
      return true;
    } catch (SocketTimeoutException slow) {
      throw new Misbehavior("the node has not gone on with what it began to say");
    } catch (IOException ended) {
      return true;
    }
  }

  /** Whether something is there to be read within the time; what has begun may take longer. */
  private boolean isSpoken(int millis) throws IOException {
    in.mark(1);
    try {
      socket.setSoTimeout(millis);
      if (in.read() < 0) {
        throw new EOFException();
      }
      in.reset();
      return true;
    } catch (SocketTimeoutException silent) {
      return false;
    } finally {
      socket.setSoTimeout(END_MILLIS);
    }
  }

  /** Ends it, and hears the rest: the node has to come to an end, too. */
  private void end() throws Misbehavior {
    try {
      socket.shutdownOutput();
    } catch (IOException alreadyGone) {
      return;
    }
    if (!hear(END_MILLIS, END_MILLIS)) {
      throw new Misbehavior("the node leaves a connection open whose client has ended it");
    }
  }

  /** The answer to an opening handshake; what follows an answer that is none is not looked at. */
  private void opening() throws IOException, Misbehavior {
    int first = in.readUnsignedByte();
    if (first == RawSocketHandshake.MAGIC) {
      int rest = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      RawSocketHandshake answer = new RawSocketHandshake(first << 24 | rest);
      if (answer.hasReservedOctets()) {
        throw new Misbehavior("reserved octets in the answer to a RawSocket handshake");
      }
      speaks = answer.serializer();
      if (speaks == null && in.read() >= 0) {
        throw new Misbehavior("octets after a RawSocket that was refused");
      }
    } else if (first == 'H') {
      webSocket();
    } else {
      throw new Misbehavior(
          "an answer that is neither HTTP nor RawSocket, beginning with " + first);
    }
  }

  private void webSocket() throws IOException, Misbehavior {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write('H');
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      head.write(in.readByte());
      text = head.toString(StandardCharsets.ISO_8859_1);
    }
    if (!text.startsWith("HTTP/1.1 ")) {
      throw new Misbehavior("an answer of HTTP that begins with " + text.lines().findFirst());
    }
    if (text.startsWith("HTTP/1.1 101 ")) {
      isWebSocket = true;
      for (Serializer each : Serializer.values()) {
        if (text.contains("\r\nSec-WebSocket-Protocol: wamp.2." + each.wireName() + "\r\n")) {
          speaks = each;
        }
      }
      if (speaks == null) {
        throw new Misbehavior("a WebSocket without a subprotocol");
      }
    } else {
      in.readAllBytes();
    }
  }

  /** The next message, or a control frame. */
  private void message() throws IOException, Misbehavior {
    byte[] octets = isWebSocket ? webSocketMessage() : rawSocketMessage();
    if (octets.length == 0) {
      return;
    }
    Serializer serializer = Objects.requireNonNull(speaks, "open");
    try {
      last = Values.decode(serializer, octets);
    } catch (RuntimeException nonsense) {
      throw new Misbehavior("a message that is no " + serializer + ": " + nonsense.getMessage());
    }
    MessageCode code =
        last.isEmpty() || !(last.get(0) instanceof Long number) ? null : MessageCode.of(number);
    if (code == null || !OF_ROUTER.contains(code)) {
      throw new Misbehavior("a message that no router sends: " + code);
    }
    joined |= code == MessageCode.WELCOME;
  }

  private byte[] rawSocketMessage() throws IOException, Misbehavior {
    int head = in.readInt();
    if (!FrameHead.isValid(head)) {
      throw new Misbehavior("a frame of RawSocket that is none: " + Integer.toHexString(head));
    }
    byte[] octets = whole(FrameHead.length(head));
    return head >>> 24 == 0 ? octets : new byte[0];
  }

  private byte[] webSocketMessage() throws IOException, Misbehavior {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    if (second > 127) {
      throw new Misbehavior("a frame with a mask: %02x%02x".formatted(first, second));
    }
    long length = second < 126 ? second : second == 126 ? in.readUnsignedShort() : in.readLong();
    int opcode = first & 0x0F;
    boolean isControl = (first & 0x08) != 0;
    boolean isText = Objects.requireNonNull(speaks, "open").isText();
    boolean isKnown =
        isControl
            ? opcode <= WebSocketOctets.PONG && length < 126
            : opcode == (isText ? WebSocketOctets.TEXT : WebSocketOctets.BINARY);
    // In part, or compressed: a router has no reason for any of it.
    if ((first & 0xF0) != WebSocketOctets.FINAL || !isKnown || length > 1 << 24) {
      throw new Misbehavior("a frame of WebSocket that is none: %02x%02x".formatted(first, second));
    }
    byte[] octets = whole((int) length);
    return isControl ? new byte[0] : octets;
  }

  private byte[] whole(int length) throws IOException {
    byte[] octets = in.readNBytes(length);
    if (octets.length < length) {
      throw new EOFException();
    }
    return octets;
  }
}
