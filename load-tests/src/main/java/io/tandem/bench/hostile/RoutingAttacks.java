package io.tandem.bench.hostile;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a broker, and the tables of a router, can be made to keep and to do. */
final class RoutingAttacks {

  /** More of something than one session may have. */
  private static final String BEYOND = "ERROR wamp.error.not_authorized";

  private static final String FULL = "ERROR wamp.error.unavailable";
  private static final String GONE = "ERROR wamp.error.no_such_procedure";
  private static final Approach SESSION = Approach.rawSocket(Serializer.JSON).joined();

  private RoutingAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "many-topics",
            "subscriptions of 100 sessions, as many as each may have",
            Fate.perhaps(FULL, BEYOND),
            raid -> flood(raid, "[32,%d,{},\"%s\"]", "t")),
        attack(
            "many-procedures",
            "registrations of 100 sessions, as many as each may have",
            Fate.perhaps(FULL, BEYOND),
            raid -> flood(raid, "[64,%d,{},\"%s\"]", "p")),
        attack(
            "subscription-flood",
            "100,000 SUBSCRIBE of one session",
            Fate.perhaps(FULL, BEYOND),
            raid ->
                raid.session(
                    enemy ->
                        raid.send(
                            enemy,
                            100_000,
                            i -> "[32,%d,{},\"com.hostile.flood.t%d\"]".formatted(i, i)))),
        attack(
            "colliding-lists",
            "publications that exclude 116,000 sessions of one hash code",
            Fate.served(),
            RoutingAttacks::excludeMany),
        attack(
            "pattern-explosion",
            "registered patterns with every choice of wildcards, and calls that miss",
            Fate.told(FULL, GONE, BEYOND),
            RoutingAttacks::explode),
        attack(
            "matching-patterns",
            "8,192 subscriptions of one session that match its every event",
            Fate.told(FULL, BEYOND),
            raid -> raid.session(enemy -> match(raid, enemy))),
        attack(
            "prefixes",
            "prefixes of every length, up to the empty one, and events below all of them",
            Fate.told(FULL, BEYOND, Spoils.END),
            raid -> raid.session(enemy -> prefixes(raid, enemy))),
        attack(
            "slow-readers",
            "50 subscribers that do not read, and 2 publishers of 64 KB events",
            Fate.perhaps(Spoils.END),
            RoutingAttacks::sleep),
        attack(
            "subscribe-churn",
            "SUBSCRIBE and UNSUBSCRIBE on 4 connections, again and again",
            Fate.perhaps("ERROR wamp.error.no_such_subscription"),
            raid -> churn(raid, "[32,%d,{\"match\":\"%s\"},\"com.hostile.churn.t%d\"]", 34)),
        attack(
            "register-churn",
            "REGISTER and UNREGISTER on 4 connections, again and again",
            Fate.perhaps(
                "ERROR wamp.error.no_such_registration",
                "ERROR wamp.error.procedure_already_exists"),
            raid -> churn(raid, "[64,%d,{\"match\":\"%s\"},\"com.hostile.churn.p%d\"]", 66)),
        attack(
            "invitations",
            "subscribers of one topic that come and go, 1,000 at a time, beside its publisher",
            Fate.perhaps(BEYOND, FULL),
            raid -> {
              Plots.each(8, SESSION, enemy -> crowd(raid, enemy)).begin(raid);
              raid.session(
                  enemy ->
                      raid.send(
                          enemy,
                          Integer.MAX_VALUE,
                          i -> "[16,%d,{},\"com.hostile.crowd\",[%d]]".formatted(i, i)));
            }),
        attack(
            "echoes",
            "two clients that answer each event of the other with another one",
            Fate.served(),
            raid -> {
              raid.spoils()
                  .thread("hostile", () -> echo(raid, "com.hostile.ping", "com.hostile.pong"));
              raid.spoils()
                  .thread("hostile", () -> echo(raid, "com.hostile.pong", "com.hostile.ping"));
            }),
        attack(
            "own-echoes",
            "a client that answers its own events, of which it gets each five times",
            Fate.perhaps(Spoils.END),
            raid -> raid.spoils().thread("hostile", () -> echoToOneself(raid))));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.ROUTING, name, words, fate, plot);
  }

  /** Each of 100 sessions asks for 10,000 URIs of 128 characters of its own. */
  private static void flood(Raid raid, String request, String name) {
    for (int session = 0; session < 100; session++) {
      String head = "com.hostile.many." + name + session + ".";
      String tail = "x".repeat(122 - head.length());
      raid.session(
          enemy -> {
            raid.send(enemy, 10_000, i -> request.formatted(i, head + tail + "." + i));
            raid.rest();
          });
    }
  }

  private static void excludeMany(Raid raid) {
    int count = 116_000;
    ByteBuffer message = ByteBuffer.allocate(128 + 9 * count);
    message.put(new byte[] {(byte) 0x94, 16, 1, (byte) 0x81, (byte) 0xA7});
    message.put("exclude".getBytes(StandardCharsets.US_ASCII)).put((byte) 0xDD).putInt(count);
    for (long high = 1; high <= count; high++) {
      message.put((byte) 0xCF).putLong(high << 32 | (high ^ 0x5A5A5A5AL));
    }
    message.put((byte) 0xAB).put("com.hostile".getBytes(StandardCharsets.US_ASCII));
    byte[] publication = new byte[message.position()];
    message.flip().get(publication);
    raid.begin(
        Approach.rawSocket(Serializer.MSGPACK).joined(),
        enemy -> {
          while (raid.goesOn()) {
            enemy.send(publication);
            raid.spoils().sent(1);
          }
        });
  }

  private static void explode(Raid raid) {
    for (int part = 0; part < 16; part++) {
      int first = part << 12;
      raid.session(
          enemy ->
              raid.send(
                  enemy,
                  1 << 12,
                  i ->
                      "[64,%d,{\"match\":\"wildcard\"},\"%s\"]"
                          .formatted(i, choice(first + i - 1, 16) + ".last" + (first + i - 1))));
    }
    raid.session(
        enemy ->
            raid.send(
                enemy,
                Integer.MAX_VALUE,
                i -> "[48,%d,{},\"%s.miss\"]".formatted(i, "x.".repeat(15) + "x")));
  }

  /** So many components, each {@code x} or a wildcard, by the bits of the number. */
  private static String choice(int number, int components) {
    List<String> parts = new ArrayList<>();
    for (int bit = 0; bit < components; bit++) {
      parts.add((number >> bit & 1) == 0 ? "x" : "");
    }
    return String.join(".", parts);
  }

  private static void match(Raid raid, Enemy enemy) throws IOException {
    raid.send(
        enemy,
        1 << 13,
        i -> "[32,%d,{\"match\":\"wildcard\"},\"%s\"]".formatted(i, choice(i - 1, 13) + ".end"));
    String topic = "x.".repeat(12) + "x.end";
    raid.send(
        enemy,
        Integer.MAX_VALUE,
        i -> "[16,%d,{\"exclude_me\":false},\"%s\"]".formatted(i + (1 << 13), topic));
  }

  private static void prefixes(Raid raid, Enemy enemy) throws IOException {
    String topic = "com." + "x".repeat(900);
    raid.send(
        enemy,
        topic.length(),
        i -> "[32,%d,{\"match\":\"prefix\"},\"%s\"]".formatted(i, topic.substring(0, i)));
    raid.send(
        enemy,
        Integer.MAX_VALUE,
        i -> "[16,%d,{\"exclude_me\":false},\"%s\"]".formatted(i + topic.length(), topic));
  }

  private static void sleep(Raid raid) {
    for (int i = 0; i < 50; i++) {
      raid.deafSession(
          enemy -> {
            enemy.send("[32,1,{},\"com.hostile.big\"]");
            raid.rest();
          });
    }
    String event = "x".repeat(64 << 10);
    Plots.each(
            2,
            SESSION,
            enemy ->
                raid.send(
                    enemy,
                    Integer.MAX_VALUE,
                    n -> "[16,%d,{},\"com.hostile.big\",[\"%s\"]]".formatted(n, event)))
        .begin(raid);
  }

  /** Asks and gives back without waiting; what it gets is told from the order. */
  private static void churn(Raid raid, String request, int back) {
    List<String> matches = List.of("exact", "prefix", "wildcard");
    for (int i = 0; i < 4; i++) {
      raid.spoils()
          .thread(
              "hostile",
              () -> {
                try (Enemy enemy = SESSION.open(raid.prey())) {
                  for (int n = 1; raid.goesOn(); n += 2) {
                    enemy.send(request.formatted(n, matches.get(n % 3), n % 50));
                    List<@Nullable Object> answer = enemy.receiveValues();
                    Object given =
                        answer.get(0) instanceof Long code && code == 8 ? 1 : answer.get(2);
                    enemy.send("[%d,%d,%s]".formatted(back, n + 1, given));
                    enemy.receiveValues();
                    raid.spoils().sent(2);
                  }
                }
              });
    }
  }

  private static void crowd(Raid raid, Enemy enemy) throws IOException {
    for (int n = 1; raid.goesOn(); n++) {
      enemy.send("[32,%d,{},\"com.hostile.crowd\"]".formatted(n));
      raid.spoils().sent(1);
    }
  }

  private static void echo(Raid raid, String heard, String said) throws IOException {
    try (Enemy enemy = SESSION.open(raid.prey())) {
      enemy.send("[32,1,{},\"%s\"]".formatted(heard));
      enemy.receiveValues();
      // Some are lost where the other one is not there yet.
      for (int n = 2; n < 500; n++) {
        enemy.send("[16,%d,{},\"%s\"]".formatted(n, said));
      }
      for (int n = 500; raid.goesOn(); n++) {
        enemy.receiveValues();
        enemy.send("[16,%d,{},\"%s\"]".formatted(n, said));
        raid.spoils().sent(1);
      }
    }
  }

  private static void echoToOneself(Raid raid) throws IOException {
    try (Enemy enemy = SESSION.open(raid.prey())) {
      String topic = "com.hostile.own";
      for (int n = 1; n <= 5; n++) {
        String match = n == 1 ? "exact" : "prefix";
        enemy.send(
            "[32,%d,{\"match\":\"%s\"},\"%s\"]".formatted(n, match, topic.substring(0, 12 - n)));
      }
      enemy.send("[32,6,{},\"%s\"]".formatted(topic));
      String event = "[16,%d,{\"exclude_me\":false},\"" + topic + "\"]";
      enemy.send(event.formatted(7));
      for (int n = 8; raid.goesOn(); n++) {
        enemy.receiveValues();
        enemy.send(event.formatted(n));
        raid.spoils().sent(1);
      }
    }
  }
}
