package io.tandem.cluster.link;

import io.tandem.cluster.delivery.CallAddress;
import io.tandem.cluster.delivery.Delivery;
import io.tandem.cluster.delivery.LaneAddress;
import io.tandem.cluster.delivery.Publication;
import io.tandem.protocol.message.CancelMode;
import io.tandem.protocol.message.Key;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.MessageCode;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.Callee;
import io.tandem.registry.InvocationPolicy;
import io.tandem.registry.NodeId;
import io.tandem.registry.RegistryChange;
import io.tandem.registry.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Random deliveries, options and changes, all a function of the seed. */
final class Samples {

  static final NodeId SELF = new NodeId("a", 11);
  static final NodeId OTHER_NODE = new NodeId("b", 22);
  static final NodeId OTHER = new NodeId("somebody-else", Long.MAX_VALUE);

  private static final List<Key<?>> ALL_KEYS = allKeys();

  private static final ReloadOutcome[] SAID = {
    ReloadOutcome.CHANGED, ReloadOutcome.UNCHANGED, ReloadOutcome.NO_FILE, ReloadOutcome.REFUSED
  };

  private final Random random;

  Samples(long seed) {
    this.random = new Random(seed);
  }

  private static List<Key<?>> allKeys() {
    return Arrays.stream(MessageCode.values())
        .flatMap(message -> Keys.of(message).values().stream())
        .distinct()
        .toList();
  }

  private static final byte[] OCTETS = new byte[256 << 10];

  /** A payload of this length; what it says is nobody's business. */
  static Payload payload(int octets) {
    return Payload.slice(Serializer.CBOR, Payload.Shape.ARGS, OCTETS, 0, octets);
  }

  Delivery.Event event() {
    return new Delivery.Event(text(), publication());
  }

  private Publication publication() {
    return new Publication(
        number(),
        text(),
        number(),
        options(),
        options(),
        somePayload(),
        random.nextBoolean() ? 0 : number());
  }

  private Delivery.Kept kept() {
    LaneAddress from = new LaneAddress(node(), random.nextInt(64));
    return random.nextBoolean()
        ? new Delivery.Kept.Recorded(from, random.nextBoolean())
        : new Delivery.Kept.Tell(text(), from, publication());
  }

  Delivery delivery() {
    return switch (random.nextInt(9)) {
      case 0 -> event();
      case 8 -> kept();
      case 1 -> new Delivery.Invoke(text(), call(), number(), number(), options(), somePayload());
      case 2 -> new Delivery.Result(text(), call(), options(), somePayload());
      case 3 -> new Delivery.Failed(text(), call(), options(), text(), somePayload());
      case 4 -> new Delivery.Refused(text(), call(), number(), pick(Delivery.Refusal.values()));
      case 5 -> new Delivery.Part(text(), call(), random.nextBoolean(), somePayload());
      case 6 -> new Delivery.Accepted(text(), call());
      default -> new Delivery.Cancel(text(), call(), pick(CancelMode.values()), text());
    };
  }

  Notice control() {
    return switch (random.nextInt(12)) {
      case 0 -> new Notice.SnapshotBegins(number());
      case 1 -> new Notice.SnapshotEntry(change());
      case 2 -> new Notice.SnapshotEnds(number());
      case 3 -> new Notice.Logged(number(), change());
      case 4 -> new Notice.Leaving();
      case 5 -> {
        long one = number();
        yield new Notice.Reaches(Set.of(one, one + 1)); // two equal ones are no set
      }
      case 6 -> new Notice.Draining();
      case 7 -> new Notice.Configured(text());
      case 8 -> new Notice.Reload(number());
      case 9 ->
          new Notice.Reloaded(
              number(), new ReloadResult(pick(SAID), text(), List.of(text(), text())));
      case 10 -> new Notice.Populated(number(), random.nextBoolean(), random.nextBoolean());
      default -> new Notice.Seen(number());
    };
  }

  RegistryChange change() {
    Resource resource = new Resource(text(), pick(MatchPolicy.values()), text());
    return switch (random.nextInt(4)) {
      case 0 -> new RegistryChange.InterestGained(resource);
      case 1 -> new RegistryChange.InterestLost(resource);
      case 2 ->
          new RegistryChange.CalleeAdded(
              resource, number(), pick(InvocationPolicy.values()), callee());
      default -> new RegistryChange.CalleeRemoved(resource, number(), callee());
    };
  }

  private Callee callee() {
    return new Callee(
        node(), random.nextInt(64), number(), number(), random.nextBoolean(), random.nextBoolean());
  }

  private CallAddress call() {
    return new CallAddress(new LaneAddress(node(), random.nextInt(64)), number());
  }

  private NodeId node() {
    return pick(new NodeId[] {SELF, OTHER_NODE, OTHER});
  }

  Options options() {
    Options options = Options.EMPTY;
    for (int count = random.nextInt(4); count > 0; count--) {
      options = with(options, ALL_KEYS.get(random.nextInt(ALL_KEYS.size())));
    }
    return options;
  }

  /** Options with every key there is. */
  Options everyOption() {
    Options options = Options.EMPTY;
    for (Key<?> key : ALL_KEYS) {
      options = with(options, key);
    }
    return options;
  }

  @SuppressWarnings("unchecked") // value() returns what the key's type says
  private Options with(Options options, Key<?> key) {
    return options.with((Key<Object>) key, value(key));
  }

  private Object value(Key<?> key) {
    return switch (key.type()) {
      case BOOL -> random.nextBoolean();
      case INTEGER -> random.nextLong() >> random.nextInt(60);
      case NON_NEGATIVE -> number();
      case STRING -> text();
      case INTEGERS -> new ArrayList<>(random.longs(random.nextInt(4)).boxed().toList());
      case STRINGS -> List.of(text(), text());
      case DICT -> Map.of("k", List.of(number(), text()), text() + "!", true);
      case DICT_OF_DICTS -> Map.of("callee", Map.of("features", Map.of(text(), 1L)));
      case SESSIONS ->
          List.of(Map.of("session", number(), "authid", text(), "authrole", "r"), Map.of());
    };
  }

  private Payload somePayload() {
    if (random.nextInt(4) == 0) {
      return Payload.EMPTY;
    }
    return Payload.encode(pick(Serializer.values()), List.of(text(), number()), Map.of("a", 1));
  }

  private long number() {
    return random.nextLong(1L << 53) >> random.nextInt(53);
  }

  private String text() {
    return "com.größe.€".substring(0, random.nextInt(11)) + random.nextInt(1000);
  }

  private <T> T pick(T[] from) {
    return from[random.nextInt(from.length)];
  }

  /** Payload has no equality, so deliveries are compared by what they print and what they carry. */
  static String print(Delivery delivery) {
    return delivery + " " + Arrays.hashCode(content(delivery));
  }

  private static byte[] content(Delivery delivery) {
    Payload payload = Payload.EMPTY;
    if (delivery instanceof Delivery.Event event) {
      payload = event.publication().payload();
    } else if (delivery instanceof Delivery.Invoke invoke) {
      payload = invoke.payload();
    } else if (delivery instanceof Delivery.Part part) {
      payload = part.payload();
    } else if (delivery instanceof Delivery.Result result) {
      payload = result.payload();
    } else if (delivery instanceof Delivery.Failed failed) {
      payload = failed.payload();
    }
    int from = payload.offset();
    return Arrays.copyOfRange(payload.bytes(), from, from + payload.length());
  }
}
