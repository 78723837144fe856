package io.tandem.cluster.link;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.Offered;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.ByteSink;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import java.util.List;
import java.util.Map;

/**
 * What one lane sends over a link: decides whether there is room, and for what instead. On the
 * lane's own loop only; what it shares with other lanes is atomic and held by the {@link Epoch}.
 *
 * <p>An event takes credit or is shed, and so does what nodes tell each other of those they keep. A
 * call takes credit or is refused, and brings room for its answer; a further part of it takes
 * credit too, or the call ends. A final answer always goes: one too large for what is left becomes
 * an error that fits the room.
 */
final class LaneSender {

  /** A buffer that one large delivery has made larger than this is not kept. */
  private static final int KEPT_OCTETS = 64 << 10;

  private final int lane;
  private final LinkContext peering;
  private final DeliveryCodec codec;
  private final ByteSink item = new ByteSink(1024);

  LaneSender(int lane, LinkContext peering) {
    this.lane = lane;
    this.peering = peering;
    this.codec = new DeliveryCodec(peering.self(), peering.otherNode());
  }

  /** Sends a delivery in this epoch, or says why not by a counter. */
  Offered offer(Epoch epoch, int toLane, Delivery delivery) {
    if (delivery.level() > epoch.features()) {
      return refuse(LinkCount.TOO_NEW, Offered.UNKNOWN_THERE);
    }
    if (!epoch.calls.mayLeave(delivery)) {
      return refuse(LinkCount.CALL_OVER, Offered.CALL_OVER);
    }
    item.reset();
    codec.write(item, toLane, delivery);
    boolean fits = item.length() <= peering.settings().largestDeliveryOctets();
    long cost = Cost.of(delivery, item.length());
    if (delivery.maybeShed()) {
      if (!fits) {
        return refuse(LinkCount.TOO_LARGE, Offered.TOO_LARGE);
      } else if (!epoch.events.admit(cost)) {
        return refuse(LinkCount.EVENT_SHED, Offered.NO_ROOM);
      }
    } else if (delivery instanceof Delivery.Invoke invoke) {
      if (!fits) {
        return refuse(LinkCount.TOO_LARGE, Offered.TOO_LARGE);
      } else if (epoch.calls.made() >= peering.settings().maxCalls()) {
        return refuse(LinkCount.CALL_TOO_MANY, Offered.NO_ROOM);
      } else if (!epoch.credit.take(cost)) {
        return refuse(LinkCount.CALL_NO_CREDIT, Offered.NO_ROOM);
      }
      epoch.calls.leaves(invoke);
    } else if (delivery instanceof Delivery.Part) {
      if (!fits) {
        return refuse(LinkCount.TOO_LARGE, Offered.TOO_LARGE);
      } else if (!epoch.credit.take(cost)) {
        return refuse(LinkCount.CALL_NO_CREDIT, Offered.NO_ROOM);
      }
    } else if (!fits || !epoch.credit.take(cost)) {
      writeInstead(epoch, toLane, delivery, fits);
    }
    epoch.out(lane + 1).append(item.array(), item.length());
    item.reset(KEPT_OCTETS);
    return Offered.TAKEN;
  }

  private Offered refuse(LinkCount why, Offered answer) {
    peering.counts().add(why);
    return answer;
  }

  /** Puts a short error in the place of an answer without room. The call ends with it. */
  private void writeInstead(Epoch epoch, int toLane, Delivery delivery, boolean fits) {
    Delivery instead = delivery;
    if (delivery instanceof Delivery.Result result) {
      epoch.calls.answered(result.realm(), result.call());
      instead = failure(result.realm(), result.call(), fits);
    } else if (delivery instanceof Delivery.Failed failed) {
      instead = failure(failed.realm(), failed.call(), fits);
    }
    if (instead != delivery) {
      peering.counts().add(LinkCount.RESULT_REPLACED);
      item.reset();
      codec.write(item, toLane, instead);
    }
    epoch.credit.overdraw(Cost.of(instead, item.length()));
  }

  private static Delivery failure(String realm, CallAddress call, boolean fits) {
    String error = fits ? WampUri.NETWORK_FAILURE : WampUri.PAYLOAD_SIZE_EXCEEDED;
    String why = fits ? "no room on the way back" : "too large for the way back";
    Payload payload = Payload.encode(Serializer.JSON, List.of(why), Map.of());
    return new Delivery.Failed(realm, call, Options.EMPTY, error, payload);
  }
}
