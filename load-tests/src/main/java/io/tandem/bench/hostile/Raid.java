package io.tandem.bench.hostile;

import java.io.IOException;
import java.net.Socket;
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
  interface Deed {
    void on(Enemy enemy) throws IOException;
  }

  /** The same on a connection that speaks no WAMP. */
  interface RawDeed {
    void on(Socket socket) throws IOException;
  }

  private final Prey prey;
  private final Spoils spoils = new Spoils();
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<AutoCloseable> open = Collections.synchronizedList(new ArrayList<>());

  private Raid(Prey prey) {
    this.prey = prey;
  }

  /** Attacks for so long; returns what came of it. */
  static String run(Attack attack, Prey prey, Duration time) {
    Raid raid = new Raid(prey);
    try (raid) {
      attack.run(raid);
      Thread.sleep(time.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    return raid.spoils.toString();
  }

  Prey prey() {
    return prey;
  }

  Spoils spoils() {
    return spoils;
  }

  boolean goesOn() {
    return over.getCount() > 0;
  }

  /** Does nothing until it is over. */
  void rest() {
    try {
      while (!over.await(1, TimeUnit.MINUTES)) {
        // Not over yet.
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A session that takes what it is sent. */
  void session(Deed deed) {
    begin(() -> Enemy.session(prey), true, deed);
  }

  /** A session that speaks MessagePack. */
  void msgpackSession(Deed deed) {
    begin(
        () -> {
          Enemy enemy = Enemy.rawSocket(prey, false);
          enemy.send(Msgpack.hello(prey.realm()));
          enemy.receive();
          return enemy;
        },
        true,
        deed);
  }

  /** A session that reads nothing after its WELCOME. */
  void deafSession(Deed deed) {
    begin(() -> Enemy.session(prey), false, deed);
  }

  /** A session on a WebSocket. */
  void webSocketSession(Deed deed) {
    begin(() -> Enemy.webSocket(prey).join(prey), true, deed);
  }

  private interface Opening {
    Enemy open() throws IOException;
  }

  private void begin(Opening opening, boolean reads, Deed deed) {
    spoils.thread(
        "hostile",
        () -> {
          try (Enemy enemy = opening.open()) {
            open.add(enemy);
            if (reads) {
              spoils.read(enemy);
            }
            deed.on(enemy);
          }
        });
  }

  void management(RawDeed deed) {
    spoils.thread(
        "hostile",
        () -> {
          try (Socket socket = Enemy.socket(prey.host(), prey.management())) {
            open.add(socket);
            deed.on(socket);
          }
        });
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
    for (AutoCloseable each : List.copyOf(open)) {
      try {
        each.close();
      } catch (Exception alreadyGone) {
        // It is.
      }
    }
  }
}
