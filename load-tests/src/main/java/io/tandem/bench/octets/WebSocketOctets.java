package io.tandem.bench.octets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The octets of WebSocket, as a client sends them or should not (RFC 6455). */
public final class WebSocketOctets {

  /** The bit of a frame's first octet that says that it ends its message. */
  public static final int FINAL = 0x80;

  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int MASKED = 0x80;
  private static final int LONGEST_HEAD = 14;

  private WebSocketOctets() {}

  /** The request that opens a WebSocket. */
  public static byte[] request(String host, String subprotocol, String... moreHeaders) {
    return http(
        "GET /ws HTTP/1.1",
        List.of(
            "Host: " + host,
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol: " + subprotocol),
        moreHeaders);
  }

  private static byte[] http(String first, List<String> headers, String... moreHeaders) {
    String more = moreHeaders.length == 0 ? "" : String.join("\r\n", moreHeaders) + "\r\n";
    String request = first + "\r\n" + String.join("\r\n", headers) + "\r\n" + more + "\r\n";
    return request.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A request of these lines, and nothing else. */
  public static byte[] http(String first, String... headers) {
    return http(first, List.of(headers));
  }

  /**
   * A frame; its mask is 0, so it stays readable.
   *
   * @param first its first octet
   */
  public static byte[] frame(int first, byte[] payload) {
    return whole(first, MASKED, payload);
  }

  /** A frame as only a server may send it. */
  public static byte[] unmasked(int first, byte[] payload) {
    return whole(first, 0, payload);
  }

  private static byte[] whole(int first, int masked, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(LONGEST_HEAD + payload.length);
    frame.put((byte) first);
    int length = payload.length;
    if (length < 126) {
      frame.put((byte) (masked | length));
    } else if (length < 1 << 16) {
      frame.put((byte) (masked | 126)).putShort((short) length);
    } else {
      frame.put((byte) (masked | 127)).putLong(length);
    }
    if (masked != 0) {
      frame.putInt(0);
    }
    return written(frame.put(payload));
  }

  /** The head of a frame that claims a length in 64 bits, whatever follows. */
  public static byte[] longHead(int first, long length) {
    return written(
        ByteBuffer.allocate(LONGEST_HEAD)
            .put((byte) first)
            .put((byte) (MASKED | 127))
            .putLong(length)
            .putInt(0));
  }

  /** A close frame with this code, which may be one that nobody may use. */
  public static byte[] close(int code) {
    return frame(FINAL | CLOSE, ByteBuffer.allocate(2).putShort((short) code).array());
  }

  private static byte[] written(ByteBuffer octets) {
    byte[] all = new byte[octets.position()];
    octets.flip().get(all);
    return all;
  }
}
