package io.tandem.node.router;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Clients of a cluster that come, go, and ask for whatever the seed has them ask for. */
final class ClusterCrowd {

  private static final List<String> URIS = List.of("com.a", "com.b", "com.b.c", "com.d");
  private static final List<Bookkeeper.Offer> OFFERS =
      List.of(
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.a"),
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.b"),
          new Bookkeeper.Offer(MatchPolicy.PREFIX, "com.b"),
          new Bookkeeper.Offer(MatchPolicy.WILDCARD, "com."),
          new Bookkeeper.Offer(MatchPolicy.EXACT, "com.d"));
  private static final List<String> INVOKE =
      List.of("single", "roundrobin','_invoke':'least_busy", "last", "first", "single");
  private static final List<String> MODES = List.of("skip", "kill", "killnowait");
  private static final int MAX_CLIENTS = 9;

  private final VirtualCluster cluster;
  private final Random random;

  ClusterCrowd(VirtualCluster cluster) {
    this.cluster = cluster;
    this.random = cluster.random;
  }

  /** One of them does something, and then the next. */
  void act() {
    if (cluster.trouble) {
      act(random.nextInt(100));
    } else {
      cluster.clients.forEach(client -> client.openTasks().forEach(task -> finish(client, task)));
    }
    cluster.after(1 + random.nextInt(40), this::act);
  }

  /** What is promised while nodes catch up with each other is what they soonest break. */
  void stir() {
    for (int i = 0; i < 16 && cluster.trouble; i++) {
      cluster.after(random.nextInt(40), () -> act(14 + random.nextInt(48)));
    }
  }

  private void act(int action) {
    ClusterClient client =
        cluster.anyOrNull(cluster.clients.stream().filter(ClusterClient::maySpeak).toList());
    if (client == null || (action < 12 && cluster.clients.size() < MAX_CLIENTS)) {
      join();
    } else if (action < 14) {
      client.loop().execute(() -> leave(client));
    } else if (action < 24) {
      Bookkeeper.Offer offer = cluster.any(OFFERS);
      says(client, "[32,", ",{'match':'" + offer.match().wireName() + "'},'" + offer.uri() + "']");
    } else if (action < 30) {
      Long held = cluster.anyOrNull(new ArrayList<>(client.subscriptions.keySet()));
      if (held != null) {
        says(client, "[34,", "," + held + "]");
      }
    } else if (action < 46) {
      says(client, "[16,", ",{},'" + cluster.any(URIS) + "'," + client.arguments() + "]");
    } else if (action < 56) {
      register(client);
    } else if (action < 61) {
      Long held = cluster.anyOrNull(new ArrayList<>(client.registrations.keySet()));
      if (held != null) {
        says(client, "[66,", "," + held + "]");
      }
    } else if (action < 79) {
      call(client);
    } else if (action < 82) {
      Long pending = cluster.anyOrNull(new ArrayList<>(client.calls.keySet()));
      if (pending != null) {
        client.says("[49," + pending + ",{'mode':'" + cluster.any(MODES) + "'}]");
      }
    } else {
      answerSomebody();
    }
  }

  private void says(ClusterClient client, String start, String rest) {
    client.says(start + client.next() + rest);
  }

  private void leave(ClusterClient client) {
    if (cluster.clients.contains(client)) {
      client.leaves();
    }
  }

  private void join() {
    VirtualLife life =
        cluster.anyOrNull(cluster.lives().stream().filter(each -> each.ready).toList());
    if (life != null && cluster.clients.size() < MAX_CLIENTS) {
      cluster.join(
          life,
          random.nextInt(VirtualLife.LANES),
          new ClientFeatures(mostly(), mostly(), random.nextBoolean()));
    }
  }

  private void register(ClusterClient client) {
    int chosen = random.nextInt(OFFERS.size());
    Bookkeeper.Offer offer = OFFERS.get(chosen);
    says(
        client,
        "[64,",
        ",{'match':'"
            + offer.match().wireName()
            + "','invoke':'"
            + INVOKE.get(chosen)
            + "'},'"
            + offer.uri()
            + "']");
  }

  private void call(ClusterClient client) {
    says(
        client,
        "[48,",
        ",{'receive_progress':"
            + mostly()
            + ",'timeout':"
            + (random.nextInt(4) == 0 ? 500 : 0)
            + "},'"
            + cluster.any(URIS)
            + "',"
            + client.arguments()
            + "]");
  }

  private void answerSomebody() {
    ClusterClient client =
        cluster.anyOrNull(
            cluster.clients.stream()
                .filter(each -> each.holds() == 0 && !each.tasks.isEmpty())
                .toList());
    if (client == null) {
      return;
    }
    Bookkeeper.Task task = cluster.any(client.openTasks());
    if (random.nextInt(6) == 0) {
      client.says("[8,68," + task.request() + ",{},'com.error']");
    } else if (task.progressive() && random.nextInt(3) == 0) {
      client.says(client.answer(task, false));
    } else {
      finish(client, task);
    }
  }

  private void finish(ClusterClient client, Bookkeeper.Task task) {
    client.says(client.answer(task, true));
  }

  private boolean mostly() {
    return random.nextInt(4) != 0;
  }
}
