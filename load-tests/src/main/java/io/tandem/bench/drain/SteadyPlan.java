package io.tandem.bench.drain;

import java.time.Duration;
import java.util.List;

/**
 * What a steady load does.
 *
 * @param urls of the routers, which are one
 * @param realm that admits anonymous clients
 * @param procedure which all callees offer
 * @param clients callers, and as many callees; one of each begins on each router in turn
 * @param rate calls per second, all callers together
 * @param work how long a callee takes for its answer
 * @param duration of the load
 * @param patience for connecting before, and for answers after it
 */
public record SteadyPlan(
    List<String> urls,
    String realm,
    String procedure,
    int clients,
    double rate,
    Duration work,
    Duration duration,
    Duration patience) {

  public SteadyPlan {
    urls = List.copyOf(urls);
  }
}
