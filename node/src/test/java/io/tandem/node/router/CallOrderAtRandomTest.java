package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Registered;
import io.tandem.protocol.message.WampMessage;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Callers with many calls under way, and callees that come, go in every way, are busy, share
 * procedures and patterns by every policy, are canceled and too slow, on up to three nodes that
 * lose each other: no callee hears a call of a session after a later one of it (O1), and every call
 * is answered once (A1), which {@link TestClient} and {@link World} look after.
 */
class CallOrderAtRandomTest {

  private static final List<String> POLICIES = List.of("roundrobin", "random", "first", "last");
  private static final List<String> MODES = List.of("skip", "kill", "killnowait");
  private static final List<String> URIS = List.of("com.a", "com.b", "org.b", "com.c");

  /** What callees offer: some URIs fit several of them. */
  private static final List<String> OFFERS =
      List.of("'exact'},'com.a'", "'exact'},'com.b'", "'prefix'},'com.'", "'wildcard'},'.b'");

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("tandem.order.seeds", 60));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @Conformance("ORD-03")
  void noCalleeHearsACallAfterALaterOne(long seed) {
    Random random = new Random(seed);
    int nodes = 1 + random.nextInt(3);
    int bound = random.nextInt(3) == 0 ? 5 : 1_000;
    try (World world = new World(nodes, 3, seed, realm -> realm.maxPendingCalls = bound)) {
      new Play(world, random).run();
    }
  }

  private static final class Play {
    private final World world;
    private final Random random;
    private final String policy;
    private final List<TestClient> callers = new ArrayList<>();
    private final List<Offerer> present = new ArrayList<>();
    private final List<Offerer> all = new ArrayList<>();
    private int calls;

    Play(World world, Random random) {
      this.world = world;
      this.random = random;
      this.policy = POLICIES.get(random.nextInt(POLICIES.size()));
    }

    void run() {
      for (int i = 0; i < 3; i++) {
        callers.add(world.join(any(world.nodes), i, client -> {}));
      }
      world.pause();
      for (int i = 0; i < 400; i++) {
        act();
        for (int turn = random.nextInt(8); turn > 0; turn--) {
          world.turns.step();
        }
      }
      world.resume();
      world.advance(CallOrder.PATIENCE);
      for (Offerer callee : all) {
        List<String> heard = callee.client.hears();
        for (TestClient caller : callers) {
          assertThat(numbersOf(caller, heard))
              .as("calls of %s at %s, %s", caller, callee.client, policy)
              .isSorted();
        }
      }
    }

    private void act() {
      int action = random.nextInt(100);
      Offerer callee = present.isEmpty() ? null : any(present);
      TestClient caller = any(callers);
      if (action < 50) {
        calls++;
        caller.says(
            "[48,"
                + caller.next()
                + ",{'receive_progress':"
                + random.nextBoolean()
                + ",'timeout':"
                + (random.nextInt(4) == 0 ? 50 : 0)
                + "},'"
                + any(URIS)
                + "',["
                + caller.id
                + ","
                + calls
                + "]]");
      } else if (action < 58 && present.size() < 6) {
        come();
      } else if (action < 62 && present.size() > 2 && callee != null) {
        present.remove(callee);
        callee.client.leave();
      } else if (action < 67 && callee != null) {
        callee.givesBack();
      } else if (action < 72 && callee != null) {
        callee.offers();
      } else if (action < 90 && callee != null) {
        callee.answers();
      } else if (action < 95 && caller.next() > 1) {
        long call = 1 + random.nextLong(caller.next() - 1);
        caller.says("[49," + call + ",{'mode':'" + any(MODES) + "'}]");
      } else if (action < 98) {
        world.clock.advance(Duration.ofMillis(random.nextInt(100)));
      } else {
        TestNode lost = any(world.nodes);
        world.nodes.stream()
            .filter(node -> node != lost)
            .forEach(node -> node.router.lost(lost.id, () -> {}));
      }
    }

    private void come() {
      TestClient client = world.join(any(world.nodes), random.nextInt(3), fresh -> {});
      Offerer callee = new Offerer(client);
      present.add(callee);
      all.add(callee);
      callee.offers();
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    /** A callee, with what it knows of its registrations and invocations. */
    private final class Offerer {
      final TestClient client;
      private final List<Long> registrations = new ArrayList<>();
      private final List<Long> invocations = new ArrayList<>();

      Offerer(TestClient client) {
        this.client = client;
        client.listener = this::hears;
      }

      private void hears(WampMessage message) {
        if (message instanceof Registered registered) {
          registrations.add(registered.registration());
        } else if (message instanceof Invocation invocation) {
          invocations.add(invocation.request());
        }
      }

      void offers() {
        client.says(
            "[64,"
                + client.next()
                + ",{'forward_timeout':"
                + random.nextBoolean()
                + ",'invoke':'"
                + policy
                + "','match':"
                + any(OFFERS)
                + "]");
      }

      void givesBack() {
        if (!registrations.isEmpty()) {
          long registration = registrations.remove(random.nextInt(registrations.size()));
          client.says("[66," + client.next() + "," + registration + "]");
        }
      }

      void answers() {
        if (!invocations.isEmpty()) {
          long invocation = any(invocations);
          boolean isFinal = random.nextInt(3) != 0;
          client.says("[70," + invocation + ",{'progress':" + !isFinal + "}]");
          if (isFinal) {
            invocations.remove(invocation);
          }
        }
      }
    }

    private static List<Long> numbersOf(TestClient caller, List<String> heard) {
      return heard.stream()
          .filter(text -> text.startsWith("[68,") && text.contains(",[" + caller.id + ","))
          .map(text -> text.substring(text.lastIndexOf(',') + 1, text.length() - 2))
          .map(Long::parseLong)
          .toList();
    }
  }
}
