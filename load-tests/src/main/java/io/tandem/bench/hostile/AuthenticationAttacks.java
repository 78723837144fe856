package io.tandem.bench.hostile;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.bench.hostile.Raid.Deed;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Strangers who want to be somebody else. Whoever has failed often enough has to pause, and is
 * denied whatever it says next: which of these are depends on how fast the node answers.
 */
final class AuthenticationAttacks {

  private static final String DENIED = "ABORT wamp.error.authentication_denied";
  private static final String VIOLATION = "ABORT wamp.error.protocol_violation";
  private static final Approach OPEN = Approach.rawSocket(Serializer.JSON);
  private static final String NONCE = "fyko+d2lbbFgONRv9qkxdawL";

  private AuthenticationAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "guessed-tickets",
            "tickets that are guessed, of joe and of nobody",
            Fate.told(DENIED),
            guess("ticket", () -> UUID.randomUUID().toString())),
        attack(
            "guessed-cra",
            "signatures that are guessed, of joe and of nobody",
            Fate.told(DENIED),
            guess("wampcra", () -> "tGLVuLnLnlXgnJQwPJRwDMOCOkC4r5t9Bj2tvYrTzjk=")),
        attack(
            "guessed-scram",
            "proofs that are guessed, of joe and of nobody",
            Fate.told(DENIED),
            guess("wamp-scram", () -> "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")),
        attack(
            "guessed-cryptosign",
            "signatures with another key than joe's",
            Fate.told(DENIED),
            guess("cryptosign", () -> "00".repeat(96))),
        attack(
            "replayed-cra",
            "an answer of joe's to an earlier challenge of WAMP-CRA",
            Fate.told(DENIED),
            replay("wampcra", Credentials::signed)),
        attack(
            "replayed-cryptosign",
            "a signature of joe's under an earlier challenge",
            Fate.told(DENIED),
            replay("cryptosign", Credentials::signedWithKey)),
        attack(
            "other-peoples-proofs",
            "joe's proof for somebody else, and that of one method for another",
            Fate.told(DENIED),
            raid -> {
              raid.probe(
                  OPEN,
                  enemy -> {
                    Map<String, @Nullable Object> extra = challenge(enemy, "wampcra", "jane");
                    prove(enemy, raid.joe().signed(String.valueOf(extra.get("challenge"))));
                  });
              raid.probe(
                  OPEN,
                  enemy -> {
                    challenge(enemy, "wampcra", Credentials.AUTHID);
                    prove(enemy, raid.joe().secret());
                  });
            }),
        attack(
            "downgrades",
            "lists of methods that leave out, repeat or make up",
            Fate.told(
                "ABORT wamp.error.authentication_required",
                "ABORT wamp.error.no_matching_auth_method",
                DENIED,
                VIOLATION),
            Plots.probe(OPEN, downgrades())),
        attack(
            "unasked-proofs",
            "AUTHENTICATE before a challenge, twice, and after WELCOME",
            Fate.told(VIOLATION, DENIED),
            Plots.probe(
                OPEN,
                List.of(
                    enemy -> prove(enemy, "x"),
                    enemy -> {
                      challenge(enemy, "wampcra", "joe");
                      prove(enemy, "x");
                      prove(enemy, "x");
                    },
                    enemy -> {
                      enemy.join("realm1");
                      prove(enemy, "x");
                    }))),
        attack(
            "huge-proofs",
            "AUTHENTICATE of 500 KB, in the signature and in Extra",
            Fate.told(VIOLATION, DENIED),
            Plots.probe(
                OPEN,
                List.of(
                    enemy -> {
                      challenge(enemy, "wampcra", "joe");
                      prove(enemy, "x".repeat(500_000));
                    },
                    enemy -> {
                      challenge(enemy, "wamp-scram", "joe");
                      enemy.send(List.of(5, "x", Map.of("nonce", "x".repeat(500_000))));
                    },
                    enemy -> {
                      challenge(enemy, "cryptosign", "joe");
                      enemy.send(
                          List.of(5, "x", Map.of("a", Collections.nCopies(4_000, Map.of()))));
                    }))),
        attack(
            "huge-hellos",
            "HELLO with 60 to 500 KB of authextra",
            Fate.told(VIOLATION, DENIED),
            Plots.probe(
                OPEN,
                List.of(
                    enemy -> enemy.send(hello("wampcra", "joe".repeat(20_000))),
                    enemy -> enemy.send(hello("ticket", "x".repeat(500_000))),
                    enemy ->
                        enemy.send(
                            hello("cryptosign", "joe", Map.of("pubkey", "0".repeat(60_000)))),
                    enemy ->
                        enemy.send(
                            hello(
                                "wampcra",
                                "joe",
                                Map.of("a", Collections.nCopies(4_000, "0123456789"))))))),
        attack(
            "broken-proofs",
            "proofs that are no Base64, no hexadecimal digits, no curve's point, empty",
            Fate.told(DENIED),
            Plots.probe(OPEN, broken())),
        attack(
            "unproved",
            "100 clients at a time that let a challenge go unanswered",
            Fate.told("ABORT wamp.error.authentication_failed", DENIED),
            raid -> {
              for (int i = 0; i < 100; i++) {
                String method = List.of("wampcra", "wamp-scram", "cryptosign", "ticket").get(i % 4);
                raid.spoils()
                    .thread(
                        "hostile",
                        () -> {
                          while (raid.goesOn()) {
                            raid.once(
                                Approach.rawSocket(Door.IMPATIENT, Serializer.JSON),
                                enemy -> challenge(enemy, method, "joe"));
                          }
                        });
              }
            }),
        attack(
            "challenge-flood",
            "challenges that are asked for and left, of joe and of nobody",
            Fate.told("CHALLENGE", DENIED),
            Plots.probe(
                OPEN,
                List.of(
                    enemy -> enemy.send(hello("wampcra", "joe")),
                    enemy -> enemy.send(hello("wampcra", "nobody")),
                    enemy -> enemy.send(hello("wamp-scram", "nobody")),
                    enemy -> enemy.send(hello("cryptosign", "joe"))))),
        attack(
            "guarded-realm",
            "anonymous clients in a realm that has none, and in one that does not exist",
            Fate.told("ABORT wamp.error.authentication_required", "ABORT wamp.error.no_such_realm"),
            Plots.probe(
                OPEN,
                List.of(
                    enemy -> enemy.send(List.of(1, Prey.GUARDED, roles())),
                    enemy -> enemy.send(List.of(1, "com.guarded.not", roles()))))));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.AUTHENTICATION, name, words, fate, plot);
  }

  private static Map<String, Object> roles() {
    return Map.of("roles", Map.of("caller", Map.of()));
  }

  private static List<Object> hello(String method, String authid) {
    return hello(method, authid, Map.of("nonce", NONCE));
  }

  private static List<Object> hello(String method, String authid, Map<String, ?> extra) {
    return hello(List.of(method), authid, extra);
  }

  private static List<Object> hello(List<?> methods, String authid, Map<String, ?> extra) {
    Map<String, Object> details = new HashMap<>(roles());
    details.put("authmethods", methods);
    details.put("authid", authid);
    details.put("authextra", extra);
    return List.of(1, Prey.GUARDED, details);
  }

  /** Asks for a challenge; returns what it tells. */
  private static Map<String, @Nullable Object> challenge(Enemy enemy, String method, String authid)
      throws IOException {
    enemy.send(hello(method, authid));
    List<@Nullable Object> values = enemy.receiveValues();
    if (!(values.get(0) instanceof Long code && code == 4)) {
      throw new Enemy.RefusedException("ABORT " + values.get(2));
    }
    Map<String, @Nullable Object> extra = new HashMap<>();
    if (values.get(2) instanceof Map<?, ?> told) {
      told.forEach((key, value) -> extra.put(String.valueOf(key), value));
    }
    return extra;
  }

  private static void prove(Enemy enemy, String signature) throws IOException {
    enemy.send(List.of(5, signature, Map.of()));
  }

  /** A way to make something up. */
  private interface Guess {
    String next();
  }

  private static Plot guess(String method, Guess guess) {
    List<Deed> deeds = new ArrayList<>();
    for (String authid : List.of("joe", "nobody", "joe ", "JOE", "")) {
      deeds.add(
          enemy -> {
            Map<String, @Nullable Object> extra = challenge(enemy, method, authid);
            Map<String, @Nullable Object> repeated = new HashMap<>();
            repeated.put("nonce", extra.get("nonce"));
            enemy.send(List.of(5, guess.next(), repeated));
          });
    }
    return Plots.probe(OPEN, deeds);
  }

  /** How joe answers a challenge. */
  private interface Proof {
    String of(Credentials joe, String challenge);
  }

  /** One connection overhears what joe says, all others say it again. */
  private static Plot replay(String method, Proof proof) {
    return raid -> {
      List<String> overheard = Collections.synchronizedList(new ArrayList<>());
      raid.probe(
          OPEN,
          enemy -> {
            Map<String, @Nullable Object> extra = challenge(enemy, method, Credentials.AUTHID);
            if (overheard.size() < 4) {
              // Joe himself would be let in with it; it is not used before it is old.
              overheard.add(proof.of(raid.joe(), String.valueOf(extra.get("challenge"))));
              throw new Enemy.RefusedException(DENIED);
            }
            prove(enemy, overheard.get(0));
          });
    };
  }

  private static List<Deed> downgrades() {
    List<List<?>> lists = new ArrayList<>();
    lists.add(List.of());
    lists.add(List.of("anonymous"));
    lists.add(List.of("anonymous", "wampcra2", ""));
    lists.add(List.of("none", "NONE", "Ticket", "ticket "));
    lists.add(Collections.nCopies(3_000, "unknown"));
    lists.add(Collections.nCopies(3_000, "anonymous"));
    lists.add(List.of("x".repeat(50_000)));
    lists.add(List.of(1, 2, 3));
    List<Deed> deeds = new ArrayList<>();
    for (List<?> methods : lists) {
      deeds.add(enemy -> enemy.send(hello(methods, "joe", Map.of())));
    }
    return deeds;
  }

  private static List<Deed> broken() {
    List<Deed> deeds = new ArrayList<>();
    for (String method : List.of("wampcra", "wamp-scram", "cryptosign", "ticket")) {
      for (String proof :
          List.of("", "=", "\u0001", "zz".repeat(96), "ff".repeat(96), "A".repeat(44), "\uFFFF")) {
        deeds.add(
            enemy -> {
              challenge(enemy, method, "joe");
              prove(enemy, proof);
            });
      }
    }
    for (String key : List.of("", "zz", "ff".repeat(32), "00".repeat(32), "02".repeat(32))) {
      deeds.add(
          enemy -> {
            enemy.send(hello("cryptosign", "joe", Map.of("pubkey", key)));
            if (!enemy.verdict().startsWith("CHALLENGE")) {
              throw new Enemy.RefusedException(DENIED);
            }
            prove(enemy, "00".repeat(96));
          });
    }
    return deeds;
  }
}
