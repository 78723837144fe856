package io.tandem.bench.fuzz;

import io.tandem.bench.hostile.Credentials;
import io.tandem.bench.hostile.Prey;
import io.tandem.bench.octets.Values;
import io.tandem.bench.octets.WebSocketOctets;
import io.tandem.protocol.rawsocket.FrameHead;
import io.tandem.protocol.rawsocket.FrameType;
import io.tandem.protocol.rawsocket.RawSocketHandshake;
import io.tandem.protocol.wire.Serializer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a seed makes of a target: a case for each number, the same each time. Any thread. */
final class Cases {

  private final long seed;
  private final Target target;
  private final String realm;
  private final Credentials joe;

  /**
   * @param realm that anybody may join
   * @param joe who is known in {@link Prey#GUARDED}
   */
  Cases(long seed, Target target, String realm, Credentials joe) {
    this.seed = seed;
    this.target = target;
    this.realm = realm;
    this.joe = joe;
  }

  Case number(long number) {
    return new Making(number).make();
  }

  /** One case in the making. */
  private final class Making {

    private final long number;
    private final Chance chance;
    private final OctetChange octets;
    private final ValueChange values;
    private final FrameChange frames;
    private final boolean isWebSocket;
    private final Serializer serializer;

    Making(long number) {
      this.number = number;
      this.chance = Chance.of(seed, target, number);
      this.octets = new OctetChange(chance);
      this.values = new ValueChange(chance);
      this.frames = new FrameChange(chance, octets);
      Serializer any = chance.of(Arrays.asList(Serializer.values()));
      boolean either = chance.oneIn(2);
      this.serializer = target.serializer() == null ? any : target.serializer();
      this.isWebSocket = target == Target.WEBSOCKET || (target != Target.RAWSOCKET && either);
    }

    Case make() {
      List<Step> steps = new ArrayList<>();
      // One in eight is left as it is: what is valid must be served, too.
      boolean valid = chance.oneIn(8);
      if (target == Target.AUTHENTICATION) {
        steps.add(Step.of(opening(false)));
        authenticate(steps, valid);
      } else {
        boolean onWire = target == Target.WEBSOCKET || target == Target.RAWSOCKET;
        List<byte[]> messages = onWire || valid ? messages() : changed();
        boolean wrongly = onWire && !valid;
        List<byte[]> begin = new ArrayList<>();
        begin.add(opening(wrongly && chance.oneIn(4)));
        if (!messages.isEmpty()) {
          begin.addAll(framed(messages.subList(0, 1), wrongly && chance.oneIn(6)));
          cut(begin, false, steps);
          // Before its WELCOME a client says nothing else, but for a few.
          cut(framed(messages.subList(1, messages.size()), wrongly), !chance.oneIn(10), steps);
        } else {
          cut(begin, false, steps);
        }
      }
      return new Case(target, number, isWebSocket, serializer, steps, chance.oneIn(4));
    }

    private byte[] opening(boolean isChanged) {
      if (isWebSocket) {
        byte[] request = WebSocketOctets.request("x", "wamp.2." + serializer.wireName());
        return isChanged ? frames.opening(request) : request;
      }
      int length = 1 << (10 + chance.below(15));
      byte[] handshake =
          ByteBuffer.allocate(RawSocketHandshake.LENGTH)
              .putInt(RawSocketHandshake.of(serializer, length).octets())
              .array();
      return isChanged ? octets.changed(handshake) : handshake;
    }

    private List<byte[]> messages() {
      return all(new Conversations(chance).draw(realm));
    }

    private List<byte[]> all(List<? extends List<?>> messages) {
      return new ArrayList<>(messages.stream().map(this::encoded).toList());
    }

    private byte[] encoded(List<?> message) {
      return Values.encode(serializer, message);
    }

    /** A conversation in which values, order or octets are others. */
    private List<byte[]> changed() {
      List<List<Object>> conversation = new Conversations(chance).draw(realm);
      if (chance.oneIn(4)) {
        reorder(conversation);
      }
      List<byte[]> messages = new ArrayList<>();
      for (int i = 0; i < conversation.size(); i++) {
        // HELLO is seldom changed, or nothing would come after it.
        boolean isChanged = chance.oneIn(i == 0 ? 8 : 2);
        messages.add(isChanged ? changed(conversation.get(i)) : encoded(conversation.get(i)));
      }
      if (chance.oneIn(6) && messages.size() > 1) {
        int at = 1 + chance.below(messages.size() - 1);
        messages.set(at, octets.crossed(messages.get(at), chance.of(messages)));
      }
      return messages;
    }

    private void reorder(List<List<Object>> conversation) {
      int one = chance.below(conversation.size());
      switch (chance.below(3)) {
        case 0 -> Collections.swap(conversation, one, chance.below(conversation.size()));
        case 1 -> conversation.add(one, chance.of(conversation));
        default -> conversation.remove(one);
      }
    }

    private byte[] changed(List<?> message) {
      byte[] encoded = chance.oneIn(2) ? withOtherValues(message) : encoded(message);
      return chance.oneIn(2) ? octets.changed(encoded) : encoded;
    }

    private byte[] withOtherValues(List<?> message) {
      List<?> other = message;
      for (int i = chance.below(3); i >= 0; i--) {
        other = values.changed(other);
      }
      try {
        return encoded(other);
      } catch (IllegalArgumentException noWords) {
        return encoded(message); // this serializer has none for it
      }
    }

    private List<byte[]> framed(List<byte[]> messages, boolean isChanged) {
      List<byte[]> framed = new ArrayList<>();
      for (byte[] message : messages) {
        framed.addAll(framed(message));
      }
      if (isChanged) {
        for (int i = chance.below(3); i >= 0 && !framed.isEmpty(); i--) {
          int at = chance.below(framed.size());
          switch (chance.below(5)) {
            case 0 -> framed.add(at, frames.frame(framed.get(at)));
            case 1 -> framed.remove(at);
            case 2 -> Collections.swap(framed, at, chance.below(framed.size()));
            default -> framed.set(at, frames.frame(framed.get(at)));
          }
        }
      }
      return framed;
    }

    private List<byte[]> framed(byte[] message) {
      if (isWebSocket) {
        return frames.webSocket(message, serializer.isText());
      }
      int head = FrameHead.of(FrameType.MESSAGE, message.length);
      return List.of(
          ByteBuffer.allocate(FrameHead.LENGTH + message.length).putInt(head).put(message).array());
    }

    /** The stream in pieces that have nothing to do with its frames. */
    private void cut(List<byte[]> stream, boolean waits, List<Step> steps) {
      byte[] all = joined(stream);
      int from = 0;
      if (waits) {
        steps.add(Step.after(new byte[0]));
      }
      for (int pieces = chance.below(4); pieces > 0 && from < all.length; pieces--) {
        int to = from + 1 + chance.below(all.length - from);
        steps.add(Step.of(Arrays.copyOfRange(all, from, to)));
        from = to;
      }
      if (from < all.length) {
        steps.add(Step.of(Arrays.copyOfRange(all, from, all.length)));
      }
    }

    private static byte[] joined(List<byte[]> pieces) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      pieces.forEach(all::writeBytes);
      return all.toByteArray();
    }

    // ---- authentication ----

    private void authenticate(List<Step> steps, boolean valid) {
      Proofs proofs = new Proofs(chance, joe);
      List<?> hello = proofs.hello(Prey.GUARDED);
      steps.add(
          Step.of(joined(framed(valid || chance.oneIn(2) ? encoded(hello) : changed(hello)))));
      if (!valid && chance.oneIn(6)) {
        steps.add(steps.get(steps.size() - 1));
      }
      if (valid || !chance.oneIn(8)) {
        boolean isChanged = !valid && !chance.oneIn(3);
        steps.add(Step.of(heard -> proof(proofs, heard, isChanged)));
      }
      if (!valid && chance.oneIn(4)) {
        steps.add(Step.of(heard -> proof(proofs, heard, true)));
      }
      // Who has come in goes on.
      List<byte[]> more = messages();
      more.remove(0);
      steps.add(Step.after(joined(framed(more, false))));
    }

    private byte[] proof(Proofs proofs, List<@Nullable Object> heard, boolean isChanged) {
      List<?> proof = proofs.answer(heard);
      return joined(framed(isChanged ? changed(proof) : encoded(proof)));
    }
  }
}
