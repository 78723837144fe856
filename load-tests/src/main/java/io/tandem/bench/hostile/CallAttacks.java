package io.tandem.bench.hostile;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Calls that nobody answers, or nobody waits for. */
final class CallAttacks {

  /** More of something than one session may have. */
  private static final String BEYOND = "ERROR wamp.error.not_authorized";

  private static final String FULL = "ERROR wamp.error.unavailable";
  private static final String GONE = "ERROR wamp.error.no_such_procedure";
  private static final String REFUSED = "ERROR wamp.error.network_failure";
  private static final String CANCELED = "ERROR wamp.error.canceled";
  private static final Approach SESSION = Approach.rawSocket(Serializer.JSON).joined();

  private CallAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "pending-calls",
            "calls of 60 KB to one's own silent callee",
            Fate.perhaps(FULL, GONE),
            raid -> raid.session(enemy -> pile(raid, enemy, 6_000))),
        attack(
            "many-pending-calls",
            "the same from 60 sessions, 100 calls each",
            Fate.perhaps(FULL, GONE),
            raid -> Plots.each(60, SESSION, enemy -> pile(raid, enemy, 100)).begin(raid)),
        attack(
            "unread-results",
            "20 callers that do not read the answers of 60 KB that they ask for",
            Fate.perhaps(Spoils.END, FULL, REFUSED),
            CallAttacks::askAndSleep),
        attack(
            "calls-in-circles",
            "procedures that call each other, 16 deep and again",
            Fate.perhaps(FULL, REFUSED, CANCELED, GONE, BEYOND),
            raid -> raid.session(enemy -> circle(raid, enemy))),
        attack(
            "dying-callees",
            "callees that hang up with calls unanswered, and callers who wait for them",
            Fate.told(CANCELED, GONE, REFUSED, FULL, BEYOND),
            CallAttacks::die),
        attack(
            "timeouts",
            "calls that time out, of a callee that never answers",
            Fate.told("ERROR wamp.error.timeout", CANCELED, FULL, GONE),
            raid -> Plots.each(4, SESSION, enemy -> timeOut(raid, enemy)).begin(raid)),
        attack(
            "cancel-flood",
            "calls that are canceled at once, in all ways",
            Fate.told(CANCELED, FULL, GONE),
            raid -> Plots.each(4, SESSION, enemy -> cancel(raid, enemy)).begin(raid)),
        attack(
            "session-lists",
            "questions for all sessions and their details, beside 300 of them",
            Fate.perhaps("ERROR wamp.error.no_such_session", "ERROR wamp.error.unavailable"),
            raid -> {
              Plots.each(300, SESSION, enemy -> raid.rest()).begin(raid);
              Plots.each(4, SESSION, enemy -> ask(raid, enemy)).begin(raid);
            }));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.ROUTING, name, words, fate, plot);
  }

  private static String silent(Raid raid, Enemy enemy) throws IOException {
    String procedure = "com.hostile.silent." + System.identityHashCode(enemy);
    enemy.send("[64,1,{},\"%s\"]".formatted(procedure));
    raid.spoils().sent(1);
    return procedure;
  }

  private static void pile(Raid raid, Enemy enemy, int calls) throws IOException {
    String procedure = silent(raid, enemy);
    String argument = "x".repeat(60_000);
    raid.send(
        enemy, calls, i -> "[48,%d,{},\"%s\",[\"%s\"]]".formatted(i + 1, procedure, argument));
    raid.rest();
  }

  /** One callee answers with what it is given; the callers do not care. */
  private static void askAndSleep(Raid raid) {
    raid.spoils()
        .thread(
            "hostile",
            () -> {
              try (Enemy callee = SESSION.open(raid.prey())) {
                callee.send("[64,1,{},\"com.hostile.big\"]");
                while (raid.goesOn()) {
                  List<@Nullable Object> values = callee.receiveValues();
                  if (values.get(0) instanceof Long code && code == 68) {
                    callee.send("[70,%s,{},[\"%s\"]]".formatted(values.get(1), "x".repeat(60_000)));
                  }
                }
              }
            });
    for (int i = 0; i < 20; i++) {
      raid.deafSession(
          enemy -> {
            raid.send(enemy, 5_000, n -> "[48,%d,{},\"com.hostile.big\"]".formatted(n));
            raid.rest();
          });
    }
  }

  /** Each invocation of one is answered by a call of the next, the last one's by nothing. */
  private static void circle(Raid raid, Enemy enemy) throws IOException {
    String name = "com.hostile.circle." + System.identityHashCode(enemy) + ".";
    raid.send(enemy, 16, i -> "[64,%d,{},\"%s%d\"]".formatted(i, name, i));
    raid.send(
        enemy, Integer.MAX_VALUE, i -> "[48,%d,{},\"%s%d\"]".formatted(i + 16, name, 1 + i % 16));
  }

  private static void die(Raid raid) {
    for (int i = 0; i < 2; i++) {
      String procedure = "com.hostile.dying" + i;
      raid.spoils()
          .thread(
              "hostile",
              () -> {
                while (raid.goesOn()) {
                  try (Enemy callee = SESSION.open(raid.prey())) {
                    callee.resetAtEnd();
                    callee.send("[64,1,{},\"%s\"]".formatted(procedure));
                    callee.receiveValues();
                    callee.receiveValues();
                  }
                }
              });
      raid.session(
          enemy ->
              raid.send(
                  enemy, Integer.MAX_VALUE, n -> "[48,%d,{},\"%s\"]".formatted(n, procedure)));
    }
  }

  private static void timeOut(Raid raid, Enemy enemy) throws IOException {
    String procedure = silent(raid, enemy);
    raid.send(
        enemy,
        Integer.MAX_VALUE,
        i -> "[48,%d,{\"timeout\":%d},\"%s\"]".formatted(i + 1, 1 + i % 200, procedure));
  }

  private static void cancel(Raid raid, Enemy enemy) throws IOException {
    String procedure = silent(raid, enemy);
    List<String> modes = List.of("skip", "kill", "killnowait");
    for (int i = 2; raid.goesOn(); i++) {
      enemy.send("[48,%d,{},\"%s\"]".formatted(i, procedure));
      enemy.send("[49,%d,{\"mode\":\"%s\"}]".formatted(i, modes.get(i % 3)));
      enemy.send("[49,%d,{\"mode\":\"killnowait\"}]".formatted(i));
      raid.spoils().sent(3);
    }
  }

  private static void ask(Raid raid, Enemy enemy) throws IOException {
    List<String> questions = List.of("list", "count", "get");
    for (int i = 1; raid.goesOn(); i++) {
      String question = "wamp.session." + questions.get(i % 3);
      enemy.send(List.of(48, i, Map.of(), question, i % 3 == 2 ? List.of(i) : List.of()));
      raid.spoils().sent(1);
    }
  }
}
