package io.tandem.node.conversations;

import static io.tandem.testing.Patience.await;

import io.tandem.client.TransportOptions;
import io.tandem.client.WireConnection;
import io.tandem.node.testing.TestNode;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.codec.ProtocolViolation;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.UntranslatableException;
import java.nio.charset.StandardCharsets;

/** A client that says and hears what JSON says, whatever it goes over the wire as. */
final class Speaker {

  private static final String FEATURES =
      """
      {"publisher_identification":true,"publisher_exclusion":true,
       "subscriber_blackwhite_listing":true,"payload_passthru_mode":true,
       "pattern_based_subscription":true,"event_retention":true,"event_history":true,
       "subscription_revocation":true,"caller_identification":true,"call_canceling":true,
       "call_timeout":true,"call_reroute":true,"progressive_call_results":true,
       "progressive_call_invocations":true,"pattern_based_registration":true,
       "shared_registration":true,"registration_revocation":true}\
      """;

  private static final String ROLES =
      "\"roles\":{\"publisher\":{\"features\":F},\"subscriber\":{\"features\":F},"
          + "\"caller\":{\"features\":F},\"callee\":{\"features\":F}}";

  private final MessageDecoder decoder = new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT);
  private final WireConnection connection;

  Speaker(TestNode node, boolean rawSocket, Serializer serializer) {
    String url = rawSocket ? node.rawSocket() : node.webSocket();
    this.connection = node.connect(TransportOptions.to(url).withSerializer(serializer));
  }

  /** HELLO of a client that does it all. */
  static String hello(String details) {
    String more = details.isEmpty() ? "" : "," + details.substring(1, details.length() - 1);
    String roles = more.contains("\"roles\"") ? more.substring(1) : ROLES + more;
    return "[1,\"realm1\",{" + roles.replace("F}", FEATURES + "}") + "}]";
  }

  void say(String message) {
    byte[] json = message.getBytes(StandardCharsets.UTF_8);
    try {
      await(connection.send(decoder.decode(json, 0, json.length)));
    } catch (ProtocolViolation e) {
      throw new AssertionError("no message: " + message, e);
    }
  }

  String hear() {
    WampMessage message = await(connection.next());
    ByteSink json = new ByteSink();
    try {
      MessageEncoder.encode(message, Serializer.JSON, json);
    } catch (UntranslatableException e) {
      throw new AssertionError(e);
    }
    return new String(json.array(), 0, json.length(), StandardCharsets.UTF_8);
  }

  void hangUp() {
    await(connection.close());
  }

  /** Waits until the router has ended the transport. */
  void untilClosed() {
    await(connection.closed());
  }
}
