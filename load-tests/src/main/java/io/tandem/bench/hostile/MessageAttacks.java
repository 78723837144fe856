package io.tandem.bench.hostile;

import io.tandem.bench.hostile.Attack.Plot;
import io.tandem.protocol.wire.Serializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Messages that are none of the protocol, or come when they may not. */
final class MessageAttacks {

  private static final String ABORT = "ABORT wamp.error.protocol_violation";
  private static final Approach OPEN = Approach.rawSocket(Serializer.JSON);
  private static final Approach SESSION = OPEN.joined();
  private static final String HELLO = "[1,\"realm1\",{\"roles\":{\"caller\":{}}}]";
  private static final String GOODBYE = "[6,{},\"wamp.close.normal\"]";

  private MessageAttacks() {}

  static List<Attack> all() {
    return List.of(
        attack(
            "request-ids",
            "requests with IDs that are none: 0, negative, 2^53 + 1, texts",
            Fate.told(ABORT),
            Plots.probe(
                SESSION,
                each(
                    List.of("0", "-1", "9007199254740993", "1e400", "\"1\"", "null", "[]"),
                    "[48,%s,{},\"com.hostile.x\"]",
                    "[32,%s,{},\"com.hostile.x\"]",
                    "[16,%s,{\"acknowledge\":true},\"com.hostile.x\"]"))),
        attack(
            "request-ids-in-disorder",
            "requests with IDs that jump, fall back and repeat",
            Fate.told("ERROR wamp.error.no_such_procedure"),
            raid ->
                raid.session(
                    enemy ->
                        raid.send(
                            enemy,
                            Integer.MAX_VALUE,
                            i ->
                                "[48,%d,{},\"com.hostile.x\"]".formatted(1 + i * 7_919L % 1_000)))),
        attack(
            "unknown-types",
            "messages of types that do not exist",
            Fate.told(ABORT),
            Plots.probe(
                SESSION,
                each(
                    List.of("0", "7", "9", "71", "255", "-1", "9007199254740992", "\"48\"", "48.5"),
                    "[%s,1,{},\"com.hostile.x\"]"))),
        attack(
            "router-types",
            "messages that only a router may send",
            Fate.told(ABORT),
            Plots.probe(
                SESSION,
                Plots.messages(
                    "[2,1,{\"roles\":{}}]",
                    "[4,\"ticket\",{}]",
                    "[17,1,1]",
                    "[33,1,1]",
                    "[35,1]",
                    "[36,1,1,{}]",
                    "[50,1,{}]",
                    "[65,1,1]",
                    "[67,1]",
                    "[68,1,1,{}]",
                    "[69,1,{}]"))),
        attack(
            "wrong-elements",
            "messages with too many elements, too few, or of other types",
            Fate.told(ABORT),
            Plots.probe(
                SESSION,
                Plots.messages(
                    "[48,1,{}]",
                    "[48,1,[],\"com.x\"]",
                    "[48,1,{},7]",
                    "[48,1,{},\"com.x\",{}]",
                    "[48,1,{},\"com.x\",[],[]]",
                    "[48,1,{},\"com.x\",[],{},1]",
                    "[32,1,{},\"com.x\",[]]",
                    "[34,1]",
                    "[16,1,null,\"com.x\"]",
                    "[8,48,1,{},\"com.x\"]",
                    "[8,68,1,{}]",
                    "[70,1]",
                    "[49,1,{},1]",
                    "[6,{}]",
                    "[6,{},\"no uri\"]"))),
        attack(
            "wrong-options",
            "every option with a value of another type",
            Fate.told(ABORT, "ERROR wamp.error.invalid_argument"),
            Plots.probe(SESSION, wrongOptions())),
        attack(
            "long-uris",
            "topics and procedures of 64 KB",
            Fate.told("ERROR wamp.error.invalid_uri"),
            Plots.probe(
                SESSION,
                each(
                    List.of("com.hostile." + "x".repeat(64 << 10)),
                    "[32,1,{},\"%s\"]",
                    "[64,1,{},\"%s\"]",
                    "[48,1,{},\"%s\"]",
                    "[16,1,{\"acknowledge\":true},\"%s\"]"))),
        attack(
            "strange-uris",
            "URIs with empty components, blanks, hashes and reserved words",
            Fate.told("ERROR wamp.error.invalid_uri", "ERROR wamp.error.no_such_procedure"),
            Plots.probe(
                SESSION,
                each(
                    List.of("", ".", "a..b", "a.b.", ".a", "a b", "a#b", "a\\u0000b c", "wamp.x"),
                    "[64,1,{},\"%s\"]",
                    "[32,1,{},\"%s #\"]",
                    "[16,1,{\"acknowledge\":true},\"%s\"]"))),
        attack(
            "answers-for-nobody",
            "YIELD and ERROR for invocations that were never made",
            Fate.perhaps(ABORT),
            raid ->
                raid.session(
                    enemy ->
                        raid.send(
                            enemy,
                            Integer.MAX_VALUE,
                            i ->
                                i % 2 == 0
                                    ? "[70,%d,{}]".formatted(i)
                                    : "[8,68,%d,{},\"com.x\"]".formatted(i)))),
        attack(
            "cancels-of-nothing",
            "CANCEL for calls that were never made",
            Fate.served(),
            raid ->
                raid.session(
                    enemy -> raid.send(enemy, Integer.MAX_VALUE, i -> "[49,%d,{}]".formatted(i)))),
        attack(
            "things-that-are-not",
            "UNSUBSCRIBE and UNREGISTER of what one does not have",
            Fate.told(
                "ERROR wamp.error.no_such_subscription", "ERROR wamp.error.no_such_registration"),
            raid ->
                raid.session(
                    enemy ->
                        raid.send(
                            enemy,
                            Integer.MAX_VALUE,
                            i -> "[%d,%d,%d]".formatted(i % 2 == 0 ? 34 : 66, i, i)))),
        attack(
            "second-hello",
            "a HELLO in a session, and several sessions on a transport",
            Fate.told(ABORT),
            Plots.probe(SESSION, Plots.messages(HELLO))),
        attack(
            "before-hello",
            "requests, proofs and farewells before there is a session",
            Fate.told(ABORT),
            Plots.probe(
                OPEN,
                Plots.messages(
                    "[48,1,{},\"com.x\"]", "[5,\"x\",{}]", GOODBYE, "[70,1,{}]", "[2,1,{}]"))),
        attack(
            "broken-hellos",
            "HELLOs for realms that are none, without roles, with features that are none (no"
                + " matter)",
            Fate.told(
                ABORT, "ABORT wamp.error.no_such_realm", "ABORT wamp.error.invalid_uri", "WELCOME"),
            Plots.probe(
                OPEN,
                Plots.messages(
                    "[1,\"realm1\",{}]",
                    "[1,\"realm1\",{\"roles\":[]}]",
                    "[1,\"realm1\",{\"roles\":{\"caller\":1}}]",
                    "[1,\"realm1\",{\"roles\":{\"caller\":{\"features\":[]}}}]",
                    "[1,\"" + "x".repeat(60_000) + "\",{\"roles\":{\"caller\":{}}}]",
                    "[1,\"no such realm\",{\"roles\":{\"caller\":{}}}]",
                    "[1,\"com.nowhere\",{\"roles\":{\"caller\":{}}}]",
                    "[1,\"wamp\",{\"roles\":{\"caller\":{}}}]"))),
        attack(
            "hello-flood",
            "sessions that are left at once, each on a connection of its own",
            Fate.told("WELCOME"),
            Plots.probe(OPEN, Plots.messages(HELLO))),
        attack(
            "hello-goodbye",
            "sessions that are opened and closed on 4 connections, again and again",
            Fate.served(),
            raid -> {
              for (int i = 0; i < 4; i++) {
                raid.spoils().thread("hostile", () -> comeAndGo(raid));
              }
            }),
        attack(
            "after-goodbye",
            "requests behind GOODBYE and behind ABORT",
            Fate.told("GOODBYE wamp.close.goodbye_and_out", ABORT, Spoils.END),
            Plots.probe(
                SESSION,
                List.of(
                    enemy -> {
                      enemy.send(GOODBYE);
                      enemy.send("[48,1,{},\"com.x\"]");
                    },
                    enemy -> {
                      enemy.send("[3,{},\"wamp.close.x\"]");
                      enemy.send("[48,1,{},\"com.x\"]");
                    }))),
        attack(
            "progressive-flood",
            "progressive results without an end, and progressive calls",
            Fate.perhaps("ERROR wamp.error.canceled", "ERROR wamp.error.no_such_procedure", ABORT),
            raid -> raid.session(enemy -> progress(raid, enemy))));
  }

  private static Attack attack(String name, String words, Fate fate, Plot plot) {
    return new Attack(Group.MESSAGES, name, words, fate, plot);
  }

  /** Every form with every value in it. */
  private static List<Raid.Deed> each(List<String> values, String... forms) {
    return Plots.messages(
        values.stream()
            .flatMap(value -> Stream.of(forms).map(form -> form.formatted(value)))
            .toArray(String[]::new));
  }

  private static List<Raid.Deed> wrongOptions() {
    List<String> messages = new ArrayList<>();
    for (String option : List.of("exclude_me", "disclose_me")) {
      messages.add("[16,1,{\"acknowledge\":true,\"%s\":7},\"com.x\"]".formatted(option));
    }
    for (String option : List.of("exclude", "eligible", "exclude_authid", "eligible_authrole")) {
      messages.add("[16,1,{\"acknowledge\":true,\"%s\":{}},\"com.x\"]".formatted(option));
      messages.add("[16,1,{\"acknowledge\":true,\"%s\":[{}]},\"com.x\"]".formatted(option));
    }
    messages.add("[16,1,{\"acknowledge\":7},\"com.x\"]");
    messages.add("[32,1,{\"match\":7},\"com.x\"]");
    messages.add("[32,1,{\"match\":\"fuzzy\"},\"com.x\"]");
    messages.add("[64,1,{\"match\":{}},\"com.x\"]");
    messages.add("[64,1,{\"invoke\":\"all\"},\"com.x\"]");
    messages.add("[64,1,{\"invoke\":[]},\"com.x\"]");
    messages.add("[48,1,{\"timeout\":\"soon\"},\"com.x\"]");
    messages.add("[48,1,{\"timeout\":-1},\"com.x\"]");
    messages.add("[48,1,{\"receive_progress\":1},\"com.x\"]");
    messages.add("[48,1,{\"disclose_me\":\"yes\"},\"com.x\"]");
    return Plots.messages(messages.toArray(String[]::new));
  }

  private static void comeAndGo(Raid raid) throws IOException {
    try (Enemy enemy = OPEN.open(raid.prey())) {
      while (raid.goesOn()) {
        enemy.join("realm1");
        enemy.send(GOODBYE);
        enemy.verdict();
        raid.spoils().sent(1);
      }
    }
  }

  /** Calls itself, and answers with progress for ever. */
  private static void progress(Raid raid, Enemy enemy) throws IOException {
    String procedure = "com.hostile.progress." + System.identityHashCode(enemy);
    enemy.send("[64,1,{},\"%s\"]".formatted(procedure));
    enemy.send("[48,2,{\"receive_progress\":true},\"%s\"]".formatted(procedure));
    raid.send(enemy, Integer.MAX_VALUE, i -> "[70,1,{\"progress\":true},[%d]]".formatted(i));
  }
}
