package io.tandem.bench.meta;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Many procedures, each offered by one session. */
final class Procedures {

  /** Requests that a session has under way. */
  private static final int WINDOW = 64;

  private final List<ClientSession> callees;
  private final AtomicInteger done = new AtomicInteger();

  Procedures(List<ClientSession> callees) {
    this.callees = List.copyOf(callees);
  }

  /** A procedure as devices have them, 36 octets. */
  static String uri(int number) {
    return "com.example.device.d%07d.restart".formatted(number);
  }

  /** How many are registered. */
  int done() {
    return done.get();
  }

  /** Completes when so many are registered. */
  Future<Void> register(int count) {
    Promise<Void> all = Promise.promise();
    for (int i = 0; i < callees.size() * WINDOW; i++) {
      register(i, count, all);
    }
    return all.future();
  }

  private void register(int number, int count, Promise<Void> all) {
    if (number >= count) {
      return;
    }
    callees
        .get(number % callees.size())
        .register(uri(number), call -> Future.succeededFuture(Arguments.none()))
        .onFailure(all::tryFail)
        .onSuccess(
            registration -> {
              if (done.incrementAndGet() == count) {
                all.tryComplete();
              }
              register(number + WINDOW * callees.size(), count, all);
            });
  }
}
