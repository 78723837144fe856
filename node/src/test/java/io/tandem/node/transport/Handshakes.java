package io.tandem.node.transport;

import io.tandem.node.testing.ByteClient;
import io.tandem.node.testing.ByteClient.Line;
import io.tandem.node.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Requests of HTTP, written as lines that end with a semicolon. */
final class Handshakes {

  static final String LINE = "GET /ws HTTP/1.1;";
  static final String HOST = "Host: 127.0.0.1;";
  static final String UPGRADE = "Upgrade: websocket;Connection: Upgrade;";
  static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==;";
  static final String VERSION = "Sec-WebSocket-Version: 13;";
  static final String JSON = "Sec-WebSocket-Protocol: wamp.2.json;";

  private Handshakes() {}

  /** Lines end with a semicolon here; sent as one segment. */
  static byte[] request(String lines) {
    return (lines.replace(";", "\r\n") + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** All that the node says until it ends its side of the connection. */
  static String answerTo(TestNode node, String lines) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (ByteClient client = new ByteClient(Line.tcp(node.port()))) {
      client.write(request(lines));
      client.readToEnd(all);
    }
    return all.toString(StandardCharsets.UTF_8);
  }
}
