package io.tandem.cluster.simulation;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A network that does what a {@link io.tandem.cluster.link.Wire} may do: lose, delay and duplicate
 * frames, keep the order of each stream in each direction until the connection breaks, and mix them
 * up then. Streams have ways of their own.
 */
public final class VirtualNetwork {

  /** One direction between two nodes. */
  public record Way(String from, String to) {}

  private record Path(Way way, int stream) {}

  private final VirtualTime time;
  private final Random random;
  private final Map<String, Consumer<Arrival>> receivers = new HashMap<>();
  private final Map<Path, Long> lastArrival = new HashMap<>();
  private final Set<Way> cut = new HashSet<>();
  private final Set<Path> broken = new HashSet<>();

  /** How likely a frame is lost, or comes twice: 0 to 1. */
  public double loss;

  public double duplicates;

  /** A frame and the node it came from. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Arrival(String from, byte[] frame) {}

  public VirtualNetwork(VirtualTime time, Random random) {
    this.time = time;
    this.random = random;
  }

  public void attach(String node, Consumer<Arrival> receiver) {
    receivers.put(node, receiver);
  }

  public void detach(String node) {
    receivers.remove(node);
  }

  /** Cuts both ways between two nodes, or heals them. */
  public void cut(String one, String other, boolean isCut) {
    cut(new Way(one, other), isCut);
    cut(new Way(other, one), isCut);
  }

  /** Cuts one way alone, or heals it. */
  public void cut(Way way, boolean isCut) {
    if (isCut) {
      cut.add(way);
    } else {
      cut.remove(way);
    }
  }

  /** The connection breaks: what is sent from now on may overtake what is still under way. */
  public void reconnect(String from, String to) {
    lastArrival.keySet().removeIf(path -> path.way().equals(new Way(from, to)));
  }

  /** One stream's connection carries nothing any more, and nobody is told. */
  public void breakPath(String from, String to, int stream) {
    broken.add(new Path(new Way(from, to), stream));
  }

  /** All streams to the node get new connections. */
  public void renew(String from, String to) {
    broken.removeIf(path -> path.way().equals(new Way(from, to)));
    reconnect(from, to);
  }

  public void send(String from, String to, int stream, byte[] frame) {
    Way way = new Way(from, to);
    Path path = new Path(way, stream);
    if (cut.contains(way) || broken.contains(path) || random.nextDouble() < loss) {
      return;
    }
    long arrival = Math.max(time.now() + delay(), lastArrival.getOrDefault(path, 0L) + 1);
    lastArrival.put(path, arrival);
    deliver(way, frame, arrival);
    if (random.nextDouble() < duplicates) {
      deliver(way, frame, arrival + delay() * 50);
    }
  }

  private long delay() {
    int worst = random.nextInt(100) == 0 ? 200_000 : 3_000;
    return Duration.ofNanos(1_000L * (100 + random.nextInt(worst))).toNanos();
  }

  private void deliver(Way way, byte[] frame, long arrival) {
    time.at(
        arrival,
        () -> {
          Consumer<Arrival> receiver = receivers.get(way.to());
          if (receiver != null && !cut.contains(way)) {
            receiver.accept(new Arrival(way.from(), frame));
          }
        });
  }
}
