package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/** A client of WebSocket that makes its frames itself. */
public final class WebSocketClient extends WampClient {

  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;
  public static final int FINAL = 0x80;

  private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};

  /** A frame that the node sent. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Frame(int opcode, byte[] payload) {

    public String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    /** Of a close frame. */
    public int closeCode() {
      return ByteBuffer.wrap(payload).getShort() & 0xFFFF;
    }
  }

  private WebSocketClient(Line line) {
    super(line);
  }

  /** Opens a transport. */
  public static WebSocketClient open(Line line, String subprotocols) {
    WebSocketClient client = new WebSocketClient(line);
    String answer = client.upgrade("/ws", "Sec-WebSocket-Protocol: " + subprotocols);
    assertThat(answer).startsWith("HTTP/1.1 101 ");
    return client;
  }

  /** A connection whose opening handshake is still to come. */
  public static WebSocketClient unopened(Line line) {
    return new WebSocketClient(line);
  }

  /** Asks for an upgrade with these headers beside the usual ones; returns the answer's head. */
  public String upgrade(String path, String... headers) {
    String request =
        Stream.concat(
                Stream.of(
                    "GET " + path + " HTTP/1.1",
                    "Host: 127.0.0.1",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version: 13"),
                Stream.of(headers))
            .reduce("", (head, header) -> head + header + "\r\n");
    write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
    return readHead();
  }

  /** The head of an answer of HTTP. */
  public String readHead() {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      head.write(read(1)[0]);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  /** A masked frame; {@code first} is its first octet. */
  public static byte[] frame(int first, byte[] payload) {
    byte[] masked = payload.clone();
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= MASK[i % MASK.length];
    }
    ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) first);
    if (payload.length < 126) {
      frame.put((byte) (0x80 | payload.length));
    } else if (payload.length < 1 << 16) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | 127)).putLong(payload.length);
    }
    byte[] octets = new byte[frame.put(MASK).put(masked).flip().remaining()];
    frame.get(octets);
    return octets;
  }

  public static byte[] frame(int first, String payload) {
    return frame(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] frame(byte[] message) {
    return frame(FINAL | TEXT, message);
  }

  /** The next frame, which is whole and unmasked as all that the node sends. */
  public Frame readFrame() {
    byte[] head = read(2);
    assertThat(head[0] & 0x70).as("reserved bits").isZero();
    assertThat(head[0] & FINAL).as("final bit").isEqualTo(FINAL);
    int length = head[1];
    if (length == 126) {
      length = ByteBuffer.wrap(read(2)).getShort() & 0xFFFF;
    } else if (length == 127) {
      length = Math.toIntExact(ByteBuffer.wrap(read(8)).getLong());
    }
    return new Frame(head[0] & 0xF, read(length));
  }

  @Override
  public String hear() {
    Frame frame = readFrame();
    assertThat(frame.opcode()).as("opcode of %s", frame.text()).isEqualTo(TEXT);
    return frame.text();
  }

  @Override
  public void expectEnd(int closeCode) {
    Frame close = readFrame();
    assertThat(close.opcode()).as("opcode of %s", close.text()).isEqualTo(CLOSE);
    assertThat(close.closeCode()).isEqualTo(closeCode);
    write(frame(FINAL | CLOSE, octets("03 E8")));
    assertThat(isEnded()).as("the end after the closing handshake").isTrue();
    hangUp();
  }
}
