package io.tandem.protocol.codec;

import io.tandem.protocol.message.Abort;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.Cancel;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Goodbye;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Interrupt;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Published;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.Unregister;
import io.tandem.protocol.message.Unregistered;
import io.tandem.protocol.message.Unsubscribe;
import io.tandem.protocol.message.Unsubscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.JavaValues;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.protocol.wire.TokenWriter;
import io.tandem.protocol.wire.UntranslatableException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes messages. Options and Details are always dictionaries, never null (MSG-09); ABORT has
 * always three elements, since some clients fail on more (SES-11). An object lives for one message.
 */
public final class MessageEncoder {

  private final TokenWriter out;
  private final Serializer serializer;

  private MessageEncoder(Serializer serializer, ByteSink sink) {
    this.out = TokenWriter.of(serializer, sink);
    this.serializer = serializer;
  }

  /**
   * Appends the message to {@code out}. Any thread may encode; the sink is the caller's.
   *
   * @throws UntranslatableException if its payload, or a detail, holds something this serializer
   *     cannot carry (SER-09); nothing is left in {@code out} then
   */
  public static void encode(WampMessage message, Serializer serializer, ByteSink out)
      throws UntranslatableException {
    int start = out.length();
    try {
      new MessageEncoder(serializer, out).write(message);
    } catch (UntranslatableException e) {
      out.truncate(start);
      throw e;
    }
  }

  /** The busiest types first: Java 17 has no switch over types. */
  private void write(WampMessage message) throws UntranslatableException {
    if (message instanceof Event m) {
      begin(m, 3, m.payload()).number(m.subscription()).number(m.publication()).dict(m.details());
      end(m.payload());
    } else if (message instanceof Invocation m) {
      begin(m, 3, m.payload()).number(m.request()).number(m.registration()).dict(m.details());
      end(m.payload());
    } else if (message instanceof Result m) {
      begin(m, 2, m.payload()).number(m.request()).dict(m.details());
      end(m.payload());
    } else if (message instanceof Publish m) {
      begin(m, 3, m.payload()).number(m.request()).dict(m.options()).string(m.topic());
      end(m.payload());
    } else if (message instanceof Call m) {
      begin(m, 3, m.payload()).number(m.request()).dict(m.options()).string(m.procedure());
      end(m.payload());
    } else if (message instanceof Yield m) {
      begin(m, 2, m.payload()).number(m.request()).dict(m.options());
      end(m.payload());
    } else if (message instanceof ErrorMessage m) {
      begin(m, 4, m.payload()).number(m.requestType().number()).number(m.request());
      dict(m.details()).string(m.error());
      end(m.payload());
    } else {
      writeAnswer(message);
    }
  }

  private void writeAnswer(WampMessage message) throws UntranslatableException {
    if (message instanceof Published m) {
      begin(m, 2).number(m.request()).number(m.publication());
    } else if (message instanceof Subscribed m) {
      begin(m, 2).number(m.request()).number(m.subscription());
    } else if (message instanceof Unsubscribed m) {
      revocable(m, m.request(), m.details());
    } else if (message instanceof Registered m) {
      begin(m, 2).number(m.request()).number(m.registration());
    } else if (message instanceof Unregistered m) {
      revocable(m, m.request(), m.details());
    } else if (message instanceof Interrupt m) {
      begin(m, 2).number(m.request()).dict(m.options());
    } else if (message instanceof Welcome m) {
      begin(m, 2).number(m.session()).dict(m.details());
    } else if (message instanceof Challenge m) {
      begin(m, 2).string(m.method()).map(m.extra());
    } else if (message instanceof Abort m) {
      begin(m, 2).dict(m.details()).string(m.reason());
    } else if (message instanceof Goodbye m) {
      begin(m, 2).dict(m.details()).string(m.reason());
    } else {
      writeRequest(message);
    }
    out.endList();
  }

  private void writeRequest(WampMessage message) throws UntranslatableException {
    if (message instanceof Subscribe m) {
      begin(m, 3).number(m.request()).dict(m.options()).string(m.topic());
    } else if (message instanceof Unsubscribe m) {
      begin(m, 2).number(m.request()).number(m.subscription());
    } else if (message instanceof Register m) {
      begin(m, 3).number(m.request()).dict(m.options()).string(m.procedure());
    } else if (message instanceof Unregister m) {
      begin(m, 2).number(m.request()).number(m.registration());
    } else if (message instanceof Cancel m) {
      begin(m, 2).number(m.request()).dict(m.options());
    } else if (message instanceof Hello m) {
      begin(m, 2).string(m.realm()).dict(m.details());
    } else if (message instanceof Authenticate m) {
      begin(m, 2).string(m.signature()).map(m.extra());
    } else {
      throw new IllegalArgumentException("no such message: " + message.getClass());
    }
  }

  /** Details tell of a revocation and are missing from a mere answer (PS-REV, RPC-REV). */
  private void revocable(WampMessage message, long request, Options details)
      throws UntranslatableException {
    if (request == 0 || !details.isEmpty()) {
      begin(message, 2).number(request).dict(details);
    } else {
      begin(message, 1).number(request);
    }
  }

  private MessageEncoder begin(WampMessage message, int elements) {
    out.beginList(1 + elements);
    return number(message.code().number());
  }

  private MessageEncoder begin(WampMessage message, int elements, Payload payload) {
    return begin(message, elements + payload.shape().elements());
  }

  private void end(Payload payload) throws UntranslatableException {
    if (!payload.isEmpty()) {
      Payload ours = payload.as(serializer);
      int to = ours.offset() + ours.length();
      out.raw(ours.bytes(), ours.offset(), to, ours.shape().elements());
    }
    out.endList();
  }

  private MessageEncoder number(long value) {
    out.integer(value);
    return this;
  }

  private MessageEncoder string(@Nullable String value) throws UntranslatableException {
    if (value == null) {
      out.nul();
    } else {
      out.text(value);
    }
    return this;
  }

  private MessageEncoder map(Map<String, @Nullable Object> value) throws UntranslatableException {
    JavaValues.write(out, value);
    return this;
  }

  private MessageEncoder dict(Options options) throws UntranslatableException {
    out.beginMap(options.size());
    options.forEach(
        (key, value) -> {
          out.key(key.name());
          JavaValues.write(out, value);
        });
    out.endMap();
    return this;
  }
}
