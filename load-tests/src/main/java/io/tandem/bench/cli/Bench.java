package io.tandem.bench.cli;

import io.tandem.bench.BenchException;
import io.tandem.bench.Processes;
import io.tandem.bench.load.Generator;
import io.tandem.bench.load.LoadPlan;
import io.tandem.bench.load.RelayTarget;
import io.tandem.bench.load.RouterTarget;
import io.tandem.bench.load.Target;
import io.tandem.bench.relay.RelayProcess;
import io.tandem.bench.report.Leg;
import io.tandem.bench.report.Report;
import io.tandem.bench.report.Surroundings;
import io.tandem.client.RouterAddress;
import io.tandem.client.RouterAddress.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One run: the router, or the router and the relay in turns, so that both see the same machine. */
final class Bench {

  /**
   * What to measure.
   *
   * @param urls nodes of the router, one or more
   * @param duration of each measurement
   * @param warmup before each of them
   * @param routerPids processes of the router; empty when nobody told
   * @param relayLanes event loops of the relay
   * @param rounds measurements of each target
   */
  record Settings(
      LoadPlan plan,
      List<RouterAddress> urls,
      String realm,
      Duration duration,
      Duration warmup,
      List<Long> routerPids,
      boolean relay,
      int relayLanes,
      int rounds) {}

  private final Settings settings;
  private final Consumer<String> progress;

  /**
   * @param progress takes a line each second
   */
  Bench(Settings settings, Consumer<String> progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param command how the report names the run
   * @throws BenchException when the router or the relay fails
   */
  Report run(String command) {
    List<Leg> legs = new ArrayList<>();
    Target router =
        new RouterTarget(settings.urls(), settings.realm(), settings.plan().serializer());
    Processes routers = new Processes(settings.routerPids());
    if (settings.relay()) {
      Transport transport = settings.urls().get(0).transport();
      try (RelayProcess process = RelayProcess.start(transport, settings.relayLanes())) {
        Target relay = new RelayTarget(address(transport, process.port()));
        Processes relays = new Processes(List.of(process.pid()));
        for (int round = 1; round <= settings.rounds(); round++) {
          legs.add(measure(router, routers, round));
          legs.add(measure(relay, relays, round));
        }
      }
    } else {
      for (int round = 1; round <= settings.rounds(); round++) {
        legs.add(measure(router, routers, round));
      }
    }
    return new Report(Instant.now(), Surroundings.here(), command, settings.plan(), legs);
  }

  private Leg measure(Target target, Processes processes, int round) {
    try (Generator generator = new Generator(settings.plan(), target)) {
      generator.open();
      generator.start();
      String name = target.name() + " " + round;
      progress.accept(name + ": warming up for " + settings.warmup().toMillis() / 1e3 + " s");
      generator.run(settings.warmup().toNanos());
      return new Measurement(generator, settings.plan(), processes, progress)
          .take(target.name(), round, settings.duration());
    }
  }

  private static RouterAddress address(Transport transport, int port) {
    return RouterAddress.parse(
        transport == Transport.WEBSOCKET ? "ws://127.0.0.1:" + port : "rs://127.0.0.1:" + port);
  }
}
