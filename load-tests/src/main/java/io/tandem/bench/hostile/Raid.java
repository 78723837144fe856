package io.tandem.bench.hostile;

import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** One attack on a node while it lasts: its connections, each with threads of its own. */
final class Raid implements AutoCloseable {

  /** What an attacker does on a connection. */
  @FunctionalInterface
  interface Deed {
    void on(Enemy enemy) throws IOException;
  }

  /** Who probes, at the same time. */
  private static final int PROBERS = 4;

  private final Prey prey;
  private final Credentials joe;
  private final CountDownLatch over = new CountDownLatch(1);
  private final Spoils spoils = new Spoils(this::goesOn);
  private final List<Enemy> open = Collections.synchronizedList(new ArrayList<>());

  private Raid(Prey prey, Credentials joe) {
    this.prey = prey;
    this.joe = joe;
  }

  /** Attacks for so long; returns what came of it. */
  static Spoils run(Attack attack, Prey prey, Credentials joe, Duration time) {
    Raid raid = new Raid(prey, joe);
    try (raid) {
      attack.plot().begin(raid);
      Thread.sleep(time.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return raid.spoils;
  }

  Prey prey() {
    return prey;
  }

  /** What attackers who overheard an honest client know. */
  Credentials joe() {
    return joe;
  }

  Spoils spoils() {
    return spoils;
  }

  boolean goesOn() {
    return over.getCount() > 0;
  }

  /** Does nothing until it is over. */
  void rest() {
    rest(Duration.ofDays(1));
  }

  /** Does nothing for so long, or until it is over. */
  void rest(Duration time) {
    try {
      over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A session that takes what it is sent; RawSocket, JSON. */
  void session(Deed deed) {
    begin(Approach.rawSocket(Serializer.JSON).joined(), deed);
  }

  /** A session that reads nothing after its WELCOME. */
  void deafSession(Deed deed) {
    beginDeaf(Approach.rawSocket(Serializer.JSON).joined(), deed);
  }

  /** A session on a WebSocket; JSON. */
  void webSocketSession(Deed deed) {
    begin(Approach.webSocket(Serializer.JSON).joined(), deed);
  }

  /** Somebody who reads what the node says, as long as it says anything. */
  void begin(Approach approach, Deed deed) {
    begin(approach, true, deed);
  }

  /** Somebody who does not read. */
  void beginDeaf(Approach approach, Deed deed) {
    begin(approach, false, deed);
  }

  private void begin(Approach approach, boolean reads, Deed deed) {
    spoils.thread(
        "hostile",
        () -> {
          try (Enemy enemy = approach.open(prey)) {
            open.add(enemy);
            if (reads) {
              spoils.read(enemy);
              suffered(enemy, deed);
            } else {
              deed.on(enemy);
            }
            rest();
          }
        });
  }

  /** Who reads counts the end of the connection. */
  private void suffered(Enemy enemy, Deed deed) {
    try {
      deed.on(enemy);
    } catch (IOException ended) {
      rest(Duration.ofSeconds(1)); // so that the reader sees it
    }
  }

  /**
   * The deeds in turns, each on a connection of its own and answered before the next, by some at a
   * time; every answer is counted.
   */
  void probe(Approach approach, List<Deed> deeds) {
    for (int prober = 0; prober < PROBERS; prober++) {
      int first = prober;
      spoils.thread(
          "prober",
          () -> {
            for (int i = first; goesOn(); i++) {
              once(approach, deeds.get(i % deeds.size()));
            }
          });
    }
  }

  /** The same with one deed. */
  void probe(Approach approach, Deed deed) {
    probe(approach, List.of(deed));
  }

  /** The deed on a connection of its own; what the node says to it is counted. */
  void once(Approach approach, Deed deed) {
    spoils.told(answer(approach, deed));
    spoils.sent(1);
  }

  private String answer(Approach approach, Deed deed) {
    try (Enemy enemy = approach.open(prey)) {
      enemy.resetAtEnd();
      open.add(enemy);
      try {
        write(enemy, deed);
        return enemy.verdict();
      } finally {
        open.remove(enemy);
      }
    } catch (Enemy.RefusedException refused) {
      return String.valueOf(refused.getMessage());
    } catch (SocketTimeoutException silence) {
      return "silence";
    } catch (IOException ended) {
      return Spoils.END;
    }
  }

  /** What the node says may be there although it has stopped reading. */
  private static void write(Enemy enemy, Deed deed) throws IOException {
    try {
      deed.on(enemy);
    } catch (Enemy.RefusedException | SocketTimeoutException told) {
      throw told;
    } catch (IOException unread) {
      // Then what it said counts.
    }
  }

  /** Sends so many messages, made from their numbers, which begin with 1, unless it is over. */
  void send(Enemy enemy, int count, IntFunction<String> message) throws IOException {
    for (int i = 1; i <= count && goesOn(); i++) {
      enemy.send(message.apply(i));
      spoils.sent(1);
    }
  }

  @Override
  public void close() {
    over.countDown();
    // Whoever is stuck in a write gets out.
    List<Enemy> all;
    synchronized (open) {
      all = List.copyOf(open);
    }
    // What the node has not read yet it would go on reading, at its own pace, for minutes.
    all.forEach(Enemy::reset);
  }
}
