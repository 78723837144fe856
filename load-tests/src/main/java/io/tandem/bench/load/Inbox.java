package io.tandem.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tandem.bench.BenchException;
import io.tandem.bench.wire.Wire;
import io.tandem.bench.wire.Wire.Receiver;
import io.tandem.protocol.wire.Serializer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The part of a connection that asks and is answered: the opening of a session. What arrives
 * without having been asked for ends the run. Belongs to its event loop.
 */
final class Inbox implements Receiver {

  /** Characters of an unexpected message that are shown. */
  private static final int SHOWN = 200;

  private final Serializer serializer;
  private final Consumer<BenchException> failed;
  private @Nullable Promise<byte[]> awaited;

  Inbox(Serializer serializer, Consumer<BenchException> failed) {
    this.serializer = serializer;
    this.failed = failed;
  }

  /** Sends a message; completes with the next one that arrives. */
  Future<byte[]> ask(Wire wire, ByteBuf question) {
    Promise<byte[]> answer = Promise.promise();
    awaited = answer;
    wire.send(question);
    return answer.future();
  }

  @Override
  public void onMessage(ByteBuf message) {
    Promise<byte[]> answer = awaited;
    if (answer == null) {
      onEnd("the router sent " + show(message));
      return;
    }
    awaited = null;
    answer.complete(ByteBufUtil.getBytes(message));
  }

  @Override
  public void onEnd(String why) {
    BenchException failure = new BenchException(why);
    Promise<byte[]> answer = awaited;
    if (answer != null) {
      awaited = null;
      answer.fail(failure);
    } else {
      failed.accept(failure);
    }
  }

  private String show(ByteBuf message) {
    String text =
        serializer.isText()
            ? message.toString(StandardCharsets.UTF_8)
            : ByteBufUtil.hexDump(message);
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
