package io.tandem.node.router;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Tells somebody who collects traces what becomes of calls and publications. Where nobody does
 * there is none of it, and null in its place. Any thread, without waiting.
 */
public interface Tracing extends AutoCloseable {

  /** What a span tells of. */
  enum Step {
    /** From a CALL to its final answer, where the caller is. */
    CALL,
    /** From an INVOCATION to the callee's answer, where the callee is. */
    INVOCATION,
    /** From a PUBLISH until it is on its way to all nodes and lanes. */
    PUBLISH,
    /** What a lane does to give a publication to its subscribers. */
    EVENT
  }

  /**
   * A client has sent something.
   *
   * @param uri of procedure or topic
   * @param options as the client gave them, with the trace that it belongs to or without
   * @return null when nothing of it is traced
   */
  @Nullable TracedStep received(Step step, String realm, String uri, long session, Options options);

  /**
   * The router goes on with it, here or on another node.
   *
   * @param session that is concerned; 0 for none in particular
   * @param details with what {@link TracedStep#into} has put there, or without
   * @return null when nothing of it is traced
   */
  @Nullable TracedStep continued(
      Step step, String realm, String uri, long session, Options details);

  /** The dictionary without the context of any trace. */
  static Options without(Options options) {
    return options.without(Keys.TRACEPARENT).without(Keys.TRACESTATE);
  }

  /** What has become of spans. */
  Counts counts();

  /** Tells what waits to be told, and nothing more. Blocks for 2 s at most. */
  @Override
  void close();

  /**
   * What has become of spans. Any thread.
   *
   * @param exported that the collector has taken
   * @param failed that it has not taken
   * @param dropped that found no room in the queue
   */
  record Counts(LongAdder exported, LongAdder failed, LongAdder dropped) {

    public Counts() {
      this(new LongAdder(), new LongAdder(), new LongAdder());
    }
  }
}
