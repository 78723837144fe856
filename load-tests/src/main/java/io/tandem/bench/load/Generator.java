package io.tandem.bench.load;

import io.tandem.bench.BenchException;
import io.tandem.bench.load.Target.Role;
import io.tandem.bench.wire.Connector;
import io.tandem.bench.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Puts one load on one target: opens the connections, sends, and counts. Led by one thread, which
 * may wait; the sending happens on event loops of its own.
 */
public final class Generator implements AutoCloseable {

  /** Connections opened at a time. */
  private static final int OPENING = 50;

  private static final long OPEN_TIMEOUT_SECONDS = 60;
  private static final int DIGITS = 3;

  private final LoadPlan plan;
  private final Target target;
  private final Vertx vertx;
  private final Connector connector;
  private final List<GeneratorLane> lanes = new ArrayList<>();
  private final CompletableFuture<Void> failure = new CompletableFuture<>();
  private final String prefix = "io.tandem.bench." + Long.toString(System.nanoTime(), 36) + ".";

  public Generator(LoadPlan plan, Target target) {
    this.plan = plan;
    this.target = target;
    this.vertx =
        Vertx.builder()
            .with(
                new VertxOptions()
                    .setPreferNativeTransport(true)
                    .setEventLoopPoolSize(plan.eventLoops()))
            .build();
    this.connector = new Connector(vertx, plan.serializer());
    long origin = System.nanoTime();
    for (int i = 0; i < plan.eventLoops(); i++) {
      lanes.add(new GeneratorLane(((VertxInternal) vertx).createEventLoopContext(), origin));
    }
  }

  // ---- opening ----

  /**
   * Opens all connections and waits for them.
   *
   * @throws BenchException when one cannot be opened
   */
  public void open() {
    List<Supplier<Future<?>>> receivers = new ArrayList<>();
    List<Supplier<Future<?>>> senders = new ArrayList<>();
    for (int i = 0; i < plan.connections(); i++) {
      GeneratorLane lane = lane(i);
      Sender sender = new Sender(lane, plan, prefix + i);
      if (plan.kind() == LoadPlan.Kind.RPC) {
        addPair(i, lane, sender, receivers, senders);
      } else {
        addTopic(i, lane, sender, receivers, senders);
      }
    }
    openAll(receivers);
    openAll(senders);
  }

  private GeneratorLane lane(int connection) {
    return lanes.get(connection % lanes.size());
  }

  /** The callee goes to the next URL: with several of them every call goes from one to another. */
  private void addPair(
      int number,
      GeneratorLane lane,
      Sender sender,
      List<Supplier<Future<?>>> receivers,
      List<Supplier<Future<?>>> senders) {
    receivers.add(
        () ->
            connect(
                lane,
                number + 1,
                Role.CALLEE,
                number,
                line ->
                    line.wire.setReceiver(
                        new EchoingCallee(line.wire, plan.serializer(), line.inbox))));
    senders.add(
        () ->
            connect(
                lane,
                number,
                Role.CALLER,
                number,
                line -> {
                  line.wire.setReceiver(new Receipt(lane, line.inbox, sender::done));
                  sender.use(line.wire);
                }));
  }

  private void addTopic(
      int number,
      GeneratorLane lane,
      Sender sender,
      List<Supplier<Future<?>>> receivers,
      List<Supplier<Future<?>>> senders) {
    AtomicLong delivered = new AtomicLong();
    Runnable done =
        () -> {
          if (delivered.incrementAndGet() % plan.fanout() == 0) {
            sender.done();
          }
        };
    for (int i = 0; i < plan.fanout(); i++) {
      int place = i;
      GeneratorLane its = lane(number + i);
      receivers.add(
          () ->
              connect(
                  its,
                  place,
                  Role.SUBSCRIBER,
                  number,
                  line -> line.wire.setReceiver(new Receipt(its, line.inbox, done))));
    }
    senders.add(() -> connect(lane, number, Role.PUBLISHER, number, line -> sender.use(line.wire)));
  }

  /** A wire and the part of it that asks. */
  private record Line(Wire wire, Inbox inbox) {}

  /** Opens a connection, and uses it on its event loop before anything can arrive on it. */
  private Future<?> connect(
      GeneratorLane lane, int place, Role role, int number, Consumer<Line> use) {
    Inbox inbox = new Inbox(plan.serializer(), failure::completeExceptionally);
    return lane.call(
        () ->
            connector
                .connect(target.address(place), lane.flusher(), inbox)
                .compose(
                    wire ->
                        target
                            .open(wire, inbox, role, prefix + number)
                            .onSuccess(opened -> use.accept(new Line(wire, inbox)))));
  }

  private void openAll(List<Supplier<Future<?>>> connections) {
    for (int from = 0; from < connections.size(); from += OPENING) {
      List<Supplier<Future<?>>> some =
          connections.subList(from, Math.min(from + OPENING, connections.size()));
      await(Future.all(some.stream().<Future<?>>map(Supplier::get).toList()));
    }
  }

  private void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(OPEN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw BenchException.because("cannot connect to the " + target.name(), failed);
    } catch (TimeoutException late) {
      throw new BenchException(
          "no answer from the " + target.name() + " in " + OPEN_TIMEOUT_SECONDS + " s", late);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private static BenchException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new BenchException("interrupted", interrupted);
  }

  // ---- running ----

  /** Begins to send. */
  public void start() {
    for (int i = 0; i < lanes.size(); i++) {
      if (plan.isClosedLoop()) {
        lanes.get(i).startLoops(plan.window());
      } else {
        lanes.get(i).startPace(plan.rate() / plan.connections(), i / (double) lanes.size());
      }
    }
  }

  /** From now on latencies count. */
  public void beginMeasuring() {
    latencies();
    lags();
    lanes.forEach(lane -> lane.meter().begin(lane.now()));
  }

  /** What is meant to leave from now on does not count any more. */
  public void endMeasuring() {
    lanes.forEach(lane -> lane.meter().end(lane.now()));
  }

  /**
   * Waits.
   *
   * @throws BenchException as soon as a connection fails
   */
  public void run(long nanos) {
    try {
      failure.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException well) {
      return;
    } catch (ExecutionException failed) {
      throw BenchException.because(target.name(), failed);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  /**
   * Stops sending and waits a while for what is under way.
   *
   * @return how many messages did not arrive
   */
  public long finish(long patienceNanos) {
    await(Future.all(lanes.stream().<Future<?>>map(GeneratorLane::stop).toList()));
    long deadline = System.nanoTime() + patienceNanos;
    while (missing() > 0 && System.nanoTime() < deadline) {
      run(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return Math.max(0, missing());
  }

  private long missing() {
    return sent() * plan.receivedPerSent() - received();
  }

  // ---- what was measured ----

  /** Messages sent so far. */
  public long sent() {
    return lanes.stream().mapToLong(lane -> lane.meter().sent()).sum();
  }

  /** Messages counted so far. */
  public long received() {
    return lanes.stream().mapToLong(lane -> lane.meter().received()).sum();
  }

  /** Latencies in nanoseconds since the last time this was asked. */
  public Histogram latencies() {
    Histogram all = new Histogram(DIGITS);
    lanes.forEach(lane -> lane.meter().drainLatencies(all));
    return all;
  }

  /** How late messages left, in nanoseconds, since the last time this was asked. */
  public Histogram lags() {
    Histogram all = new Histogram(DIGITS);
    lanes.forEach(lane -> lane.meter().drainLags(all));
    return all;
  }

  /** CPU time of each event loop so far, in nanoseconds. */
  public List<Long> loopNanos() {
    return lanes.stream()
        .map(lane -> ManagementFactory.getThreadMXBean().getThreadCpuTime(lane.threadId()))
        .toList();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
