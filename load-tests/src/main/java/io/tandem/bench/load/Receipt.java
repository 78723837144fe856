package io.tandem.bench.load;

import io.netty.buffer.ByteBuf;
import io.tandem.bench.wire.Wire.Receiver;

/** Counts the RESULTs or EVENTs of a connection. Belongs to its lane. */
final class Receipt implements Receiver {

  private final GeneratorLane lane;
  private final Inbox inbox;
  private final Runnable done;
  private final Stamp stamp = new Stamp();

  /**
   * @param inbox is given what carries no stamp, and the end
   * @param done runs for each message that arrived
   */
  Receipt(GeneratorLane lane, Inbox inbox, Runnable done) {
    this.lane = lane;
    this.inbox = inbox;
    this.done = done;
  }

  @Override
  public void onMessage(ByteBuf message) {
    long intended = stamp.read(message);
    if (intended == Stamp.ABSENT) {
      inbox.onMessage(message);
      return;
    }
    lane.meter().received(intended, lane.now());
    done.run();
  }

  @Override
  public void onEnd(String why) {
    inbox.onEnd(why);
  }
}
