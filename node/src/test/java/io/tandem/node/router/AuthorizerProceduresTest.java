package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.sun.management.ThreadMXBean;
import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Permission;
import io.tandem.node.auth.StaticAuthorizer;
import io.tandem.node.credentials.ClientCertificate;
import io.tandem.node.testing.TestCertificate;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A procedure on another node that decides what clients may do. */
class AuthorizerProceduresTest {

  private static final String JUDGE = "com.judge";
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** The judge may do everything by its permissions; users nothing but what it says. */
  private static StaticAuthorizer authorizer() {
    return new StaticAuthorizer(
        Map.of(
            "judge",
            List.of(new Permission("", MatchPolicy.PREFIX, EnumSet.allOf(Action.class), false)),
            "user",
            List.of(new Permission("com.never", MatchPolicy.EXACT, Set.of(), false))),
        Map.of("user", new Answer.Ask(JUDGE, TIMEOUT)),
        Set.of(JUDGE));
  }

  private final World world =
      new World(
          2,
          2,
          1,
          realm -> {
            realm.authorizer = authorizer();
            realm.maxPendingCalls = 3;
          });

  /** How often it was asked; what it answers. */
  private int asked;

  private String answer = "[true]";

  AuthorizerProceduresTest() {
    world.serveMeta();
  }

  private TestClient judge() {
    TestClient judge = world.join(world.nodes.get(1), 1, client -> client.is("jo", "judge"));
    judge.registers(JUDGE);
    judge.listener =
        message -> {
          if (message instanceof Invocation invocation) {
            asked++;
            if (!answer.isEmpty()) {
              String said =
                  answer.startsWith("[")
                      ? "[70," + invocation.request() + ",{}," + answer + "]"
                      : "[8,68," + invocation.request() + ",{},'com.error.broken']";
              judge.lane.execute(() -> judge.says(said));
            }
          }
        };
    return judge;
  }

  private TestClient user() {
    return world.join(0, client -> client.is("ann", "user"));
  }

  @Test
  @Conformance("AUTH-10")
  void procedureIsToldOfTheClientsCertificate(@TempDir Path directory) {
    ClientCertificate pump =
        new ClientCertificate(TestCertificate.named(directory, "pump", "CN=pump 7").x509());
    try (world) {
      TestClient judge = judge();
      TestClient ann =
          world.join(
              0,
              client -> {
                client.is("ann", "user");
                client.certificate = pump;
              });
      ann.says("[32,1,{},'com.a']");
      assertThat(judge.hears())
          .singleElement()
          .asString()
          .contains(
              "'transport':{'auth':{'certificate':{'sha256':'" + pump.fingerprint(),
              "'subject':'CN=pump 7'");
    }
  }

  @Test
  void procedureIsToldWhatIsKnownOfTheTransport() {
    try (world) {
      TestClient judge = judge();
      TestClient ann = user();
      ann.told = Map.of("cookie", "0f1e");
      ann.says("[32,1,{},'com.c']");
      assertThat(judge.hears().toString())
          .contains("'authprovider':'test','transport':{'cookie':'0f1e'}},'com.c'");
    }
  }

  @Test
  @Conformance("AZ-08")
  void procedureIsToldWhoWantsToDoWhatAndDecides() {
    try (world) {
      TestClient judge = judge();
      TestClient ann = user();
      ann.says("[32,1,{'match':'prefix','get_retained':true},'com.a']");
      assertThat(judge.hears())
          .singleElement()
          .asString()
          .endsWith(
              "{},[{'session':102,'realm':'realm1','authid':'ann','authrole':'user',"
                  + "'authmethod':'test','authprovider':'test'},'com.a','subscribe',"
                  + "{'match':'prefix','get_retained':true}]]");
      assertThat(ann.hears()).singleElement().asString().startsWith("[33,1,");

      answer = "[{'allow':false}]";
      ann.says("[16,2,{'acknowledge':true},'com.a']");
      ann.says("[64,3,{},'com.b']");
      ann.says("[48,4,{},'com.b']");
      assertThat(ann.hears())
          .containsExactly(
              "[8,16,2,{},'wamp.error.not_authorized',['not allowed to publish to com.a']]",
              "[8,64,3,{},'wamp.error.not_authorized',['not allowed to register com.b']]",
              "[8,48,4,{},'wamp.error.not_authorized',['not allowed to call com.b']]");
      assertThat(judge.hears().toString())
          .contains(",'com.a','publish',{'acknowledge':true}]")
          .contains(",'com.b','register',{'match':'exact'}]")
          .contains(",'com.b','call',{}]");
    }
  }

  @Test
  @Conformance("AZ-08")
  void procedureDisclosesWhoCalls() {
    try (world) {
      judge();
      TestClient callee = world.join(0, client -> client.is("jo", "judge"));
      callee.registers("com.a");
      TestClient ann = user();
      answer = "[{'allow':true,'disclose':true}]";
      ann.says("[48,1,{},'com.a']");
      assertThat(callee.hears()).singleElement().asString().contains("'caller_authid':'ann'");
      callee.says("[70,1,{}]");
      ann.hears();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "error",
        "[]",
        "[null]",
        "[1]",
        "['yes']",
        "[[true]]",
        "[{}]",
        "[{'allow':1}]",
        "[{'allow':null}]",
        "[{'allow':true,'disclose':'yes'}]",
        "[{'allow':true,'cache':60}]"
      })
  @Conformance("AZ-03")
  void whatIsNoDecisionPerformsNothing(String nonsense) {
    try (world) {
      judge();
      TestClient ann = user();
      answer = nonsense;
      for (int times = 1; times < 3; times++) {
        ann.says("[32," + times + ",{},'com.a']");
        assertThat(ann.hears())
            .singleElement()
            .asString()
            .contains("'wamp.error.authorization_failed'");
        assertThat(asked).isEqualTo(times);
      }
    }
  }

  @Test
  @Conformance("AZ-03")
  void procedureThatIsNotThereHangsOrDiesPerformsNothing() {
    try (world) {
      TestClient ann = user();
      ann.says("[48,1,{},'com.a']");
      assertThat(ann.hears()).singleElement().asString().contains("authorization_failed");

      TestClient judge = judge();
      answer = "";
      ann.says("[48,2,{},'com.a']");
      assertThat(ann.hears()).isEmpty();
      world.advance(TIMEOUT.plusMillis(1));
      assertThat(ann.hears()).singleElement().asString().contains("authorization_failed");

      ann.says("[48,3,{},'com.a']");
      judge.leave();
      assertThat(ann.hears()).singleElement().asString().contains("authorization_failed");
    }
  }

  @Test
  void manyMayWaitForItAtOnce() {
    try (world) {
      judge();
      answer = "";
      List<TestClient> users = List.of(user(), user(), user());
      users.forEach(user -> user.says("[48,1,{},'com.a']"));
      assertThat(asked).isEqualTo(3);
      TestClient late = user();
      answer = "[false]";
      late.says("[48,1,{},'com.a']");
      assertThat(late.hears())
          .as("the callee has as much under way as it may")
          .singleElement()
          .asString()
          .contains("authorization_failed");
      world.advance(TIMEOUT.plusMillis(1));
      users.forEach(
          user ->
              assertThat(user.hears()).singleElement().asString().contains("authorization_failed"));
    }
  }

  @Test
  void permissionDecidesBeforeTheProcedureIsAsked() {
    try (world) {
      judge();
      TestClient ann = user();
      ann.says("[48,1,{},'com.never']");
      assertThat(ann.hears()).singleElement().asString().contains("not_authorized");
      ann.says("[32,2,{'match':'prefix'},'com.nev']");
      assertThat(ann.hears()).singleElement().asString().contains("not_authorized");
      assertThat(asked).isZero();
    }
  }

  /** Who could take its place would decide about itself. */
  @Test
  void procedureCannotAllowAnybodyToTakeItsPlace() {
    try (world) {
      judge();
      TestClient ann = user();
      ann.says("[64,1,{'invoke':'last'},'com.judge']");
      ann.says("[64,2,{'match':'prefix'},'com.']");
      ann.says("[64,3,{'match':'wildcard'},'com.']");
      assertThat(ann.hears()).hasSize(3).allMatch(said -> said.contains("not_authorized"));
      assertThat(asked).isZero();
      ann.says("[64,4,{'match':'prefix'},'com.judges']");
      assertThat(ann.hears()).singleElement().asString().startsWith("[65,4,");
      assertThat(asked).isEqualTo(1);
    }
  }

  // ---- decisions that are kept ----

  @Test
  @Conformance("AZ-08")
  void decisionIsKeptForSessionUriAndActionWhereTheProcedureAllowsThat() {
    try (world) {
      judge();
      TestClient ann = user();
      answer = "[{'allow':false,'cache':true}]";
      for (int request = 1; request < 4; request++) {
        ann.says("[48," + request + ",{},'com.a']");
        assertThat(ann.hears()).singleElement().asString().contains("not_authorized");
        assertThat(asked).isEqualTo(1);
      }
      ann.says("[48,4,{},'com.b']");
      ann.says("[32,5,{},'com.a']");
      ann.says("[32,6,{'match':'prefix'},'com.a']");
      user().says("[48,1,{},'com.a']");
      assertThat(asked).isEqualTo(5);
      ann.hears();
    }
  }

  @Test
  void nothingIsKeptUnlessTheProcedureSaysSo() {
    try (world) {
      judge();
      TestClient ann = user();
      for (String unkept :
          List.of("[false]", "[{'allow':false}]", "[{'allow':false,'cache':false}]")) {
        asked = 0;
        answer = unkept;
        ann.calls("com.a");
        ann.calls("com.a");
        assertThat(asked).isEqualTo(2);
      }
      ann.hears();
    }
  }

  @Test
  void reloadForgetsWhatWasKeptAndWhatIsStillOnItsWay() {
    try (world) {
      TestClient judge = judge();
      TestClient ann = user();
      answer = "[{'allow':false,'cache':true}]";
      ann.calls("com.a");
      assertThat(ann.session().memory.used()).isPositive();
      reload();
      assertThat(ann.session().memory.used()).isZero();
      ann.calls("com.a");
      assertThat(asked).isEqualTo(2);

      judge.hears();
      answer = "";
      ann.calls("com.b");
      reload();
      String invocation = judge.hears().get(0).replaceFirst("\\[68,(\\d+),.*", "$1");
      judge.says("[70," + invocation + ",{},[{'allow':false,'cache':true}]]");
      answer = "[false]";
      ann.calls("com.b");
      assertThat(asked).as("what was asked by older settings is not kept").isEqualTo(4);
      ann.hears();
    }
  }

  private void reload() {
    TestRealm same = new TestRealm();
    same.authorizer = authorizer();
    world.nodes.forEach(
        node ->
            node.router.reload(
                List.of(same.settings(World.REALM), same.settings(World.OTHER_REALM)), () -> {}));
    world.stirred();
  }

  @Test
  void whatIsKeptIsBounded() {
    try (world) {
      judge();
      TestClient ann = user();
      answer = "[{'allow':false,'cache':true}]";
      for (int i = 0; i <= KeptDecisions.MOST; i++) {
        ann.calls("com.a" + i);
      }
      long full = ann.session().memory.used();
      ann.calls("com.a" + KeptDecisions.MOST);
      assertThat(asked).isEqualTo(KeptDecisions.MOST + 1);
      ann.calls("com.a0");
      assertThat(asked).as("the oldest is forgotten").isEqualTo(KeptDecisions.MOST + 2);
      assertThat(ann.session().memory.used()).isCloseTo(full, offset(64L));
      ann.hears();
    }
  }

  /** One look into a map, and nothing for the collector. */
  @Test
  void decisionThatIsKeptAllocatesNothing() {
    try (world) {
      Session ann = user().session();
      String uri = "com.some.procedure";
      ann.keep(Action.CALL, uri, MatchPolicy.EXACT, Decision.ALLOWED);
      for (int i = 0; i < 10_000; i++) {
        assertKept(ann, uri);
      }
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        assertKept(ann, uri);
      }
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }
  }

  private static void assertKept(Session session, String uri) {
    if (!Decision.ALLOWED.equals(session.kept(Action.CALL, uri, MatchPolicy.EXACT))) {
      throw new AssertionError(uri);
    }
  }
}
