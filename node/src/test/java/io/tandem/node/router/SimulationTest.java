package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sessions on many lanes come, go and do everything at random, while the tasks of all threads run
 * in random order. At every step: who has SUBSCRIBED or REGISTERED misses nothing from then on
 * (V1), hears nothing after the end of it (V2), pairs of sessions keep their order (O1), every call
 * has one final answer (A1); and in the end nothing is left of anybody.
 *
 * <p>A failure names its seed. {@code -Dsimulation.seeds=100000} runs longer, {@code
 * -Dsimulation.first=} begins elsewhere.
 */
class SimulationTest {

  private static final int SEEDS = Integer.getInteger("simulation.seeds", 250);
  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final int ACTIONS = 160;
  private static final int MAX_ACTORS = 8;

  private static final List<String> URIS = List.of("com.a", "com.b", "com.b.c");
  private static final List<Bookkeeper.Offer> OFFERS =
      List.of(
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.a"),
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.b"),
          new Bookkeeper.Offer(MatchPolicy.PREFIX, "com.b"),
          new Bookkeeper.Offer(MatchPolicy.WILDCARD, "com."));

  /** Not "random", which asks more than the seed. */
  private static final List<String> INVOKE =
      List.of("single", "roundrobin','_invoke':'least_busy", "last", "first");

  private static final List<String> MODES = List.of("skip", "kill", "killnowait");

  @ParameterizedTest(name = "{0} nodes of {1} lanes")
  @CsvSource({"1, 3", "2, 2"})
  @Conformance({"ORD-08", "RPC-11", "SES-17"})
  void everythingAtRandom(int nodes, int lanes) {
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        new Run(nodes, lanes, seed).run();
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("seed " + seed + " with " + nodes + " nodes", failure);
      }
    }
  }

  /** One run from one seed. */
  private static final class Run {
    private final Random random;
    private final World world;
    private final List<Actor> actors = new ArrayList<>();

    Run(int nodes, int lanes, long seed) {
      random = new Random(seed);
      world =
          new World(nodes, lanes, seed, realm -> realm.progressRequiresCanceling = seed % 2 == 0);
      world.pause();
    }

    void run() {
      try (world) {
        for (int i = 1; i <= ACTIONS; i++) {
          act();
          for (int turns = random.nextInt(6); turns > 0; turns--) {
            world.turns.step();
          }
          if (i % 40 == 0) {
            rest();
          }
        }
        rest();
        List.copyOf(actors).forEach(this::leave);
      }
    }

    /** Everything comes to rest, and nobody has missed anything. */
    private void rest() {
      world.turns.runAll();
      for (Actor actor : actors) {
        assertThat(actor.due).as("events that %s missed", actor).isEmpty();
        actor.client.checkEverythingIsAnswered();
      }
      assertThat(count(true)).as("calls, and invocations for them").isEqualTo(count(false));
    }

    private long count(boolean asCaller) {
      return actors.stream()
          .map(actor -> actor.client.session())
          .mapToLong(
              session ->
                  asCaller
                      ? session.calls.size()
                      : session.invocations.values().stream().filter(i -> !i.abandoned).count())
          .sum();
    }

    private void act() {
      Actor actor = actors.isEmpty() ? null : any(actors);
      int action = random.nextInt(100);
      if (actor == null || (action < 15 && actors.size() < MAX_ACTORS)) {
        join();
      } else if (action < 17) {
        leave(actor);
      } else if (action < 26) {
        Bookkeeper.Offer offer = any(OFFERS);
        says(actor, "[32,", ",{'match':'" + offer.match().wireName() + "'},'" + offer.uri() + "']");
      } else if (action < 30) {
        Long held = anyOrNull(new ArrayList<>(actor.subscriptions.keySet()));
        if (held != null) {
          says(actor, "[34,", "," + held + "]");
        }
      } else if (action < 44) {
        says(actor, "[16,", ",{},'" + any(URIS) + "'," + actor.arguments() + "]");
      } else if (action < 56) {
        register(actor);
      } else if (action < 59) {
        Long held = anyOrNull(new ArrayList<>(actor.registrations.keySet()));
        if (held != null) {
          says(actor, "[66,", "," + held + "]");
        }
      } else if (action < 78) {
        Long more = anyOrNull(new ArrayList<>(actor.unfinished.keySet()));
        if (more != null && random.nextInt(2) == 0) {
          part(actor, more);
        } else {
          call(actor);
        }
      } else if (action < 82) {
        Long pending = anyOrNull(new ArrayList<>(actor.calls.keySet()));
        if (pending != null) {
          actor.client.says("[49," + pending + ",{'mode':'" + any(MODES) + "'}]");
        }
      } else if (action < 98) {
        answerSomebody();
      } else {
        world.clock.advance(Duration.ofMillis(random.nextInt(100)));
      }
    }

    private void says(Actor actor, String start, String rest) {
      actor.client.says(start + actor.client.next() + rest);
    }

    private void join() {
      TestNode node = any(world.nodes);
      ClientFeatures features =
          new ClientFeatures(
              mostly(),
              mostly(),
              random.nextBoolean(),
              Set.of(),
              mostly() ? Set.of(ClientFeature.values()) : Set.of());
      TestClient client =
          world.join(node, random.nextInt(node.lanes.size()), fresh -> fresh.features = features);
      actors.add(new Actor(client, actors));
    }

    private void leave(Actor actor) {
      actor.client.lane.execute(
          () -> {
            actor.ends();
            actors.remove(actor);
          });
      actor.client.leave();
    }

    private void register(Actor actor) {
      int chosen = random.nextInt(OFFERS.size());
      Bookkeeper.Offer offer = OFFERS.get(chosen);
      says(
          actor,
          "[64,",
          ",{'match':'"
              + offer.match().wireName()
              + "','invoke':'"
              + INVOKE.get(chosen)
              + "','forward_timeout':"
              + random.nextBoolean()
              + "},'"
              + offer.uri()
              + "']");
    }

    private void call(Actor actor) {
      String procedure = any(URIS);
      boolean inParts =
          actor.client.features.has(ClientFeature.CALLS_IN_PARTS) && random.nextInt(3) == 0;
      if (inParts) {
        actor.unfinished.put(actor.client.next(), procedure);
      }
      says(
          actor,
          "[48,",
          ",{'progress':"
              + inParts
              + ",'receive_progress':"
              + mostly()
              + ",'timeout':"
              + (random.nextInt(3) == 0 ? 50 : 0)
              + "},'"
              + procedure
              + "',"
              + actor.arguments()
              + "]");
    }

    private void part(Actor actor, long request) {
      boolean isLast = random.nextInt(3) == 0;
      String procedure = isLast ? actor.unfinished.remove(request) : actor.unfinished.get(request);
      actor.client.says(
          "[48,"
              + request
              + ",{'progress':"
              + !isLast
              + "},'"
              + procedure
              + "',"
              + actor.arguments()
              + "]");
    }

    /** Somebody with work to do answers, often more than once before anybody else has a turn. */
    private void answerSomebody() {
      Actor actor = anyOrNull(actors.stream().filter(each -> !each.tasks.isEmpty()).toList());
      Bookkeeper.Task task = actor == null ? null : anyOrNull(actor.openTasks());
      if (actor == null || task == null) {
        return;
      }
      if (random.nextInt(6) == 0) {
        actor.client.says("[8,68," + task.request() + ",{},'com.error']");
        return;
      }
      for (int parts = task.progressive() ? random.nextInt(3) : 0; parts > 0; parts--) {
        actor.client.says(actor.answer(task, false));
      }
      actor.client.says(actor.answer(task, !task.progressive() || random.nextBoolean()));
    }

    private boolean mostly() {
      return random.nextInt(4) != 0;
    }

    private <T> T any(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private <T> @Nullable T anyOrNull(List<T> list) {
      return list.isEmpty() ? null : any(list);
    }
  }
}
