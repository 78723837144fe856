package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A client that says messages as JSON text, whole or in pieces, and hears them as text. */
public abstract class WampClient extends ByteClient {

  /** The transports of the node, each with a client for it. */
  public enum Way {
    WEBSOCKET {
      @Override
      public WampClient open(Line line) {
        return WebSocketClient.open(line, "wamp.2.json");
      }
    },
    RAWSOCKET {
      @Override
      public WampClient open(Line line) {
        return RawSocketClient.open(line);
      }
    };

    /** Opens a transport that speaks JSON. */
    public abstract WampClient open(Line line);

    public final WampClient open(TestNode node) {
      return open(Line.tcp(node.port()));
    }

    /** Opens a transport and joins {@code realm1} with all roles. */
    public final WampClient join(TestNode node) {
      WampClient client = open(node);
      client.join();
      return client;
    }
  }

  /** A HELLO that is answered with WELCOME. */
  public static final String HELLO =
      "[1,\"realm1\",{\"roles\":{\"publisher\":{},\"subscriber\":{},\"caller\":{},\"callee\":{}}}]";

  public static final String PROTOCOL_VIOLATION = "wamp.error.protocol_violation";

  protected WampClient(Line line) {
    super(line);
  }

  public final void say(String message) {
    write(frame(message));
  }

  /** Says these in one segment, where TCP lets it be. */
  public final void sayAtOnce(String... messages) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (String message : messages) {
      whole.writeBytes(frame(message));
    }
    write(whole.toByteArray());
  }

  /** A message as it goes over the line. */
  public final byte[] frame(String message) {
    return frame(message.getBytes(StandardCharsets.UTF_8));
  }

  /** Octets as they go over the line, as one message. */
  public abstract byte[] frame(byte[] message);

  /** The next message. */
  public abstract String hear();

  /** Waits until the node ends the transport in good order, and ends it too. */
  public abstract void expectEnd(int closeCode);

  public final void join() {
    say(HELLO);
    assertThat(hear()).startsWith("[2,");
  }

  /** Waits for ABORT with its reason and a text, and for the end. */
  public final void expectAbort(String reason, String message, int closeCode) {
    assertThat(hear()).isEqualTo("[3,{\"message\":\"" + message + "\"},\"" + reason + "\"]");
    expectEnd(closeCode);
  }

  /** Waits for ABORT for a violation that is explained with these words, and for the end. */
  public final void expectViolation(String words) {
    assertThat(hear())
        .startsWith("[3,{\"message\":\"")
        .endsWith("\"},\"" + PROTOCOL_VIOLATION + "\"]")
        .contains(words);
    expectEnd(1002);
  }
}
