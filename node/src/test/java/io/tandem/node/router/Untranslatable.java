package io.tandem.node.router;

import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;

/** Messages with an argument that CBOR can carry and JSON cannot: not a number. */
final class Untranslatable {

  /** The CBOR array of one half-precision NaN. */
  private static final Payload NAN =
      Payload.slice(
          Serializer.CBOR,
          Payload.Shape.ARGS,
          new byte[] {(byte) 0x81, (byte) 0xf9, 0x7e, 0x00},
          0,
          4);

  static WampMessage publish(long request, String topic) {
    return new Publish(request, Options.EMPTY, topic, NAN);
  }

  static WampMessage call(long request, String procedure) {
    return new Call(request, Options.EMPTY, procedure, NAN);
  }

  static WampMessage yielding(long request, Options options) {
    return new Yield(request, options, NAN);
  }

  static WampMessage error(long request) {
    return new ErrorMessage(MessageCode.INVOCATION, request, Options.EMPTY, "com.error", NAN);
  }

  private Untranslatable() {}
}
