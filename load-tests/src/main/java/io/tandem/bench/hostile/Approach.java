package io.tandem.bench.hostile;

import io.tandem.protocol.wire.Serializer;
import java.io.IOException;

/** How far attackers let a connection come before they begin. */
@FunctionalInterface
interface Approach {

  Enemy open(Prey prey) throws IOException;

  /** A connection, and nothing on it. */
  static Approach tcp(Door door) {
    return prey -> Enemy.on(Enemy.socket(prey.host(), prey.port(door)));
  }

  /** A RawSocket without a session. */
  static Approach rawSocket(Serializer serializer) {
    return rawSocket(Door.CLIENTS, serializer);
  }

  static Approach rawSocket(Door door, Serializer serializer) {
    return prey -> opened(tcp(door).open(prey), enemy -> enemy.rawSocket(serializer));
  }

  /** A WebSocket without a session. */
  static Approach webSocket(Serializer serializer) {
    return webSocket(Door.CLIENTS, serializer);
  }

  static Approach webSocket(Door door, Serializer serializer, String... moreHeaders) {
    return prey ->
        opened(
            tcp(door).open(prey),
            enemy -> enemy.webSocket(serializer, prey.authority(door), moreHeaders));
  }

  /** And a session on it. */
  default Approach joined() {
    return prey -> opened(open(prey), enemy -> enemy.join(prey.realm()));
  }

  /** Does the rest of an opening; what fails is closed. */
  private static Enemy opened(Enemy enemy, Raid.Deed rest) throws IOException {
    try {
      rest.on(enemy);
      return enemy;
    } catch (IOException failure) {
      enemy.close();
      throw failure;
    }
  }
}
