package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client of RawSocket. */
public final class RawSocketClient extends WampClient {

  public static final int MESSAGE = 0;
  public static final int PING = 1;
  public static final int PONG = 2;

  private RawSocketClient(Line line) {
    super(line);
  }

  /** Opens a transport with JSON and the largest limit. */
  public static RawSocketClient open(Line line) {
    RawSocketClient client = new RawSocketClient(line);
    client.writeHex("7F F1 00 00");
    assertThat(client.readHex(4)).matches("7F .1 00 00");
    return client;
  }

  /** A frame of this type. */
  public static byte[] frame(int type, byte[] payload) {
    return ByteBuffer.allocate(4 + payload.length)
        .putInt(type << 24 | payload.length)
        .put(payload)
        .array();
  }

  @Override
  public byte[] frame(byte[] message) {
    return frame(MESSAGE, message);
  }

  @Override
  public String hear() {
    int prefix = ByteBuffer.wrap(read(4)).getInt();
    assertThat(prefix >>> 24).as("type bits").isEqualTo(MESSAGE);
    return new String(read(prefix), StandardCharsets.UTF_8);
  }

  /** RawSocket has no codes: the node ends its side, and the client ends its own. */
  @Override
  public void expectEnd(int closeCode) {
    assertThat(isEnded()).as("the end, with nothing before it").isTrue();
    hangUp();
  }
}
