package io.tandem.bench.drain;

import java.time.Duration;
import java.util.List;

/**
 * What a steady load does.
 *
 * @param urls of the routers, which are one
 * @param realm that admits anonymous clients
 * @param procedure which all callees offer
 * @param topic of all publishers and subscribers
 * @param clients callers, and as many callees, publishers and subscribers; one of each begins on
 *     each router in turn
 * @param rate calls per second, all callers together
 * @param events publications per second, all publishers together; 0: there are none
 * @param work how long a callee takes for its answer
 * @param duration of the load
 * @param patience for connecting before, and for answers after it
 */
public record SteadyPlan(
    List<String> urls,
    String realm,
    String procedure,
    String topic,
    int clients,
    double rate,
    double events,
    Duration work,
    Duration duration,
    Duration patience) {

  public SteadyPlan {
    urls = List.copyOf(urls);
  }
}
