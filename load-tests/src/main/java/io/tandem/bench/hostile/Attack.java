package io.tandem.bench.hostile;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What strangers do to a node. Each goes on until its time is over, and then hangs up. */
public enum Attack {
  /** Calls of 60 KB to a callee that never answers. */
  PENDING_CALLS("calls of 60 KB to one's own silent callee") {
    @Override
    void run(Raid raid) {
      raid.session(enemy -> pile(raid, enemy, 6_000));
    }
  },
  /** The same from many sessions, each of which is modest. */
  MANY_PENDING_CALLS("the same from 60 sessions, 100 calls each") {
    @Override
    void run(Raid raid) {
      for (int i = 0; i < 60; i++) {
        raid.session(enemy -> pile(raid, enemy, 100));
      }
    }
  },
  LONG_TOPICS("subscriptions to topics of 64 KB") {
    @Override
    void run(Raid raid) {
      String tail = "x".repeat(64 << 10);
      raid.session(
          enemy ->
              raid.send(
                  enemy, 5_000, i -> "[32,%d,{},\"com.hostile.t%d.%s\"]".formatted(i, i, tail)));
    }
  },
  LONG_PROCEDURES("registrations of procedures of 64 KB") {
    @Override
    void run(Raid raid) {
      String tail = "x".repeat(64 << 10);
      raid.session(
          enemy ->
              raid.send(
                  enemy, 5_000, i -> "[64,%d,{},\"com.hostile.p%d.%s\"]".formatted(i, i, tail)));
    }
  },
  MANY_TOPICS("subscriptions of 100 sessions, as many as each may have") {
    @Override
    void run(Raid raid) {
      flood(raid, "[32,%d,{},\"%s\"]", "t");
    }
  },
  MANY_PROCEDURES("registrations of 100 sessions, as many as each may have") {
    @Override
    void run(Raid raid) {
      flood(raid, "[64,%d,{},\"%s\"]", "p");
    }
  },
  COLLIDING_LISTS("publications that exclude 116,000 sessions of one hash code") {
    @Override
    void run(Raid raid) {
      byte[] publication = Msgpack.publication("exclude", 116_000);
      raid.msgpackSession(
          enemy -> {
            while (raid.goesOn()) {
              enemy.send(publication);
              raid.spoils().sent(1);
            }
          });
    }
  },
  PATTERN_EXPLOSION("registered patterns with every choice of wildcards, and calls that miss") {
    @Override
    void run(Raid raid) {
      for (int part = 0; part < 16; part++) {
        int first = part << 12;
        raid.session(
            enemy ->
                raid.send(
                    enemy,
                    1 << 12,
                    i ->
                        "[64,%d,{\"match\":\"wildcard\"},\"%s\"]"
                            .formatted(i, pattern(first + i - 1))));
      }
      raid.session(
          enemy -> {
            for (int i = 1; raid.goesOn(); i++) {
              enemy.send("[48,%d,{},\"%s.miss\"]".formatted(i, "x.".repeat(15) + "x"));
              enemy.receive();
              raid.spoils().sent(1);
            }
          });
    }
  },
  MATCHING_PATTERNS("8,192 subscriptions of one session that match its every event") {
    @Override
    void run(Raid raid) {
      raid.session(
          enemy -> {
            raid.send(
                enemy,
                1 << 13,
                i ->
                    "[32,%d,{\"match\":\"wildcard\"},\"%s\"]"
                        .formatted(i, choice(i - 1, 13) + ".end"));
            for (int i = (1 << 13) + 1; raid.goesOn(); i++) {
              enemy.send(
                  "[16,%d,{\"exclude_me\":false},\"%s.end\"]".formatted(i, "x.".repeat(12) + "x"));
              raid.spoils().sent(1);
            }
          });
    }
  },
  PINGS("pings at full speed on 8 connections") {
    @Override
    void run(Raid raid) {
      for (int i = 0; i < 4; i++) {
        raid.session(enemy -> pings(raid, enemy));
        raid.webSocketSession(enemy -> pings(raid, enemy));
      }
    }
  },
  CRUMBS("messages in fragments of one octet on 4 connections") {
    @Override
    void run(Raid raid) {
      String message = "[16,1,{},\"com.hostile.crumbs\",[\"%s\"]]".formatted("x".repeat(20_000));
      for (int i = 0; i < 4; i++) {
        raid.webSocketSession(
            enemy -> {
              while (raid.goesOn()) {
                enemy.crumbs(message);
                raid.spoils().sent(1);
              }
            });
      }
    }
  },
  SUBSCRIPTION_FLOOD("100,000 SUBSCRIBE of one session") {
    @Override
    void run(Raid raid) {
      raid.session(
          enemy ->
              raid.send(
                  enemy, 100_000, i -> "[32,%d,{},\"com.hostile.flood.t%d\"]".formatted(i, i)));
    }
  },
  HALF_MESSAGES("600 connections that each send most of 1 MiB and stop") {
    @Override
    void run(Raid raid) {
      for (int i = 0; i < 300; i++) {
        raid.session(enemy -> half(raid, enemy));
        raid.webSocketSession(enemy -> half(raid, enemy));
      }
    }
  },
  SLOW_READERS("50 subscribers that do not read, and 2 publishers of 64 KB events") {
    @Override
    void run(Raid raid) {
      for (int i = 0; i < 50; i++) {
        raid.deafSession(
            enemy -> {
              enemy.send("[32,1,{},\"com.hostile.big\"]");
              raid.rest();
            });
      }
      String event = "x".repeat(64 << 10);
      for (int i = 0; i < 2; i++) {
        raid.session(
            enemy ->
                raid.send(
                    enemy,
                    Integer.MAX_VALUE,
                    n -> "[16,%d,{},\"com.hostile.big\",[\"%s\"]]".formatted(n, event)));
      }
    }
  },
  MANAGEMENT("500 slow and 50 deaf connections to the management port") {
    @Override
    void run(Raid raid) {
      for (int i = 0; i < 500; i++) {
        raid.management(
            socket -> {
              socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost: x".getBytes(ASCII));
              raid.rest();
            });
      }
      byte[] request = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50).getBytes(ASCII);
      for (int i = 0; i < 50; i++) {
        raid.management(
            socket -> {
              while (raid.goesOn()) {
                socket.getOutputStream().write(request);
                raid.spoils().sent(50);
              }
            });
      }
    }
  },
  KNOCKING("connections that are refused, as fast as they can be made") {
    @Override
    void run(Raid raid) {
      byte[] nonsense =
          "GET /nowhere\u001B[31m HTTP/1.1\r\nUpgrade: websocket\r\n\r\n".getBytes(ASCII);
      for (int i = 0; i < 4; i++) {
        raid.spoils()
            .thread(
                "knocking",
                () -> {
                  while (raid.goesOn()) {
                    try (Socket socket = Enemy.socket(raid.prey().host(), raid.prey().clients())) {
                      socket.getOutputStream().write(nonsense);
                      socket.getInputStream().readAllBytes();
                    }
                    raid.spoils().sent(1);
                  }
                });
      }
    }
  };

  private static final Charset ASCII = StandardCharsets.US_ASCII;

  private final String words;

  Attack(String words) {
    this.words = words;
  }

  /** In words. */
  public String words() {
    return words;
  }

  /** Begins it; the raid knows when it is over. */
  abstract void run(Raid raid);

  /** As it is typed. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void pile(Raid raid, Enemy enemy, int calls) throws IOException {
    String procedure = "com.hostile.silent." + System.identityHashCode(enemy);
    enemy.send("[64,1,{},\"%s\"]".formatted(procedure));
    String argument = "x".repeat(60_000);
    raid.send(
        enemy, calls, i -> "[48,%d,{},\"%s\",[\"%s\"]]".formatted(i + 1, procedure, argument));
    raid.rest();
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

  private static void half(Raid raid, Enemy enemy) throws IOException {
    enemy.begin((1 << 20) - 1);
    raid.spoils().sent(1);
    raid.rest();
  }

  private static void pings(Raid raid, Enemy enemy) throws IOException {
    while (raid.goesOn()) {
      enemy.pings(500, 125);
      raid.spoils().sent(500);
    }
  }

  /** 16 components, each of the first 15 {@code x} or a wildcard, the last one its own. */
  private static String pattern(int number) {
    return choice(number, 16) + ".last" + number;
  }

  /** So many components, each {@code x} or a wildcard, by the bits of the number. */
  private static String choice(int number, int components) {
    List<String> parts = new ArrayList<>();
    for (int bit = 0; bit < components; bit++) {
      parts.add((number >> bit & 1) == 0 ? "x" : "");
    }
    return String.join(".", parts);
  }
}
