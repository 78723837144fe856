package io.tandem.bench.cli;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tandem.bench.wire.Acceptor.Greeted;
import io.tandem.bench.wire.Wire;
import io.tandem.protocol.codec.MessageDecoder;
import io.tandem.protocol.codec.MessageEncoder;
import io.tandem.protocol.message.Call;
import io.tandem.protocol.message.ErrorMessage;
import io.tandem.protocol.message.Event;
import io.tandem.protocol.message.Hello;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.message.Register;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.Result;
import io.tandem.protocol.message.Subscribe;
import io.tandem.protocol.message.Subscribed;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.message.Welcome;
import io.tandem.protocol.message.Yield;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.DecodeLimits;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** As much of a WAMP router as the bench asks for, in JSON. */
final class TinyRouter {

  private final Map<String, Guest> callees = new HashMap<>();
  private final Map<String, List<Guest>> subscribers = new HashMap<>();
  private final boolean refusesRegistrations;

  TinyRouter(boolean refusesRegistrations) {
    this.refusesRegistrations = refusesRegistrations;
  }

  Greeted guest() {
    return new Guest();
  }

  private final class Guest implements Greeted {

    private final MessageDecoder decoder =
        new MessageDecoder(Serializer.JSON, DecodeLimits.DEFAULT);
    private final Map<Long, Asked> asked = new HashMap<>();
    private Wire wire;
    private long invocations;

    private record Asked(Guest caller, long request) {}

    @Override
    public void onOpen(Wire opened) {
      wire = opened;
    }

    @Override
    public void onMessage(ByteBuf message) {
      byte[] bytes = ByteBufUtil.getBytes(message);
      try {
        answer(decoder.decode(bytes, 0, bytes.length));
      } catch (Exception failure) {
        throw new IllegalStateException(failure);
      }
    }

    private void answer(WampMessage message) throws Exception {
      if (message instanceof Hello) {
        send(new Welcome(1, Options.EMPTY));
      } else if (message instanceof Register register && refusesRegistrations) {
        send(
            new ErrorMessage(
                MessageCode.REGISTER,
                register.request(),
                Options.EMPTY,
                "wamp.error.not_authorized",
                Payload.EMPTY));
      } else if (message instanceof Register register) {
        callees.put(register.procedure(), this);
        send(new Registered(register.request(), 1));
      } else if (message instanceof Subscribe subscribe) {
        subscribers.computeIfAbsent(subscribe.topic(), topic -> new ArrayList<>()).add(this);
        send(new Subscribed(subscribe.request(), 1));
      } else if (message instanceof Call call) {
        callees.get(call.procedure()).invoke(new Asked(this, call.request()), call.payload());
      } else if (message instanceof Yield yield) {
        Asked back = asked.remove(yield.request());
        back.caller.send(new Result(back.request, Options.EMPTY, yield.payload()));
      } else if (message instanceof Publish publish) {
        for (Guest subscriber : subscribers.get(publish.topic())) {
          subscriber.send(new Event(1, 1, Options.EMPTY, publish.payload()));
        }
      }
    }

    private void invoke(Asked from, Payload payload) throws Exception {
      asked.put(++invocations, from);
      send(new Invocation(invocations, 1, Options.EMPTY, payload));
    }

    private void send(WampMessage message) throws Exception {
      ByteSink sink = new ByteSink();
      MessageEncoder.encode(message, Serializer.JSON, sink);
      wire.send(Unpooled.wrappedBuffer(sink.array(), 0, sink.length()));
    }

    @Override
    public void onEnd(String why) {
      callees.values().remove(this);
      subscribers.values().forEach(each -> each.remove(this));
    }
  }
}
