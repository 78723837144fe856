package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Cookie;
import io.tandem.node.auth.DynamicAuthenticator;
import io.tandem.node.auth.DynamicAuthenticator.Source;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.Principal;
import io.tandem.node.login.Login;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Invocation;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.testing.Conformance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A procedure on another node, in another realm, that says who clients are. */
class DynamicLoginTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Evidence SAFE = Clients.evidence("10.0.0.1:1883", true, null, null);
  private static final Source SOURCE =
      new Source.Procedure(World.OTHER_REALM, "com.judge", TIMEOUT);

  private final World world =
      new World(
          2,
          2,
          1,
          realm ->
              realm.authentication =
                  Clients.authentication(
                      List.of(
                          DynamicAuthenticator.anonymous(SOURCE),
                          DynamicAuthenticator.ticket(SOURCE, false)),
                      Set.of("user"),
                      new AuthPool()));

  private String answer = "[{'role':'user'}]";

  DynamicLoginTest() {
    world.serveMeta();
  }

  private TestClient judge() {
    TestClient judge =
        world.join(world.nodes.get(1), 1, client -> client.realmName = World.OTHER_REALM);
    judge.registers("com.judge");
    judge.listener =
        message -> {
          if (message instanceof Invocation invocation && !answer.isEmpty()) {
            String said =
                answer.startsWith("[")
                    ? "[70," + invocation.request() + ",{}," + answer + "]"
                    : "[8,68," + invocation.request() + ",{}," + answer + "]";
            judge.lane.execute(() -> judge.says(said));
          }
        };
    return judge;
  }

  /** A client that speaks no WAMP. */
  private final class Newcomer implements Login.Client {
    final List<String> heard = new ArrayList<>();
    final Login login;
    private final @Nullable String ticket;
    @Nullable Principal principal;

    Newcomer(String method, Options details, @Nullable String ticket) {
      this(method, details, ticket, SAFE);
    }

    Newcomer(String method, Options details, @Nullable String ticket, Evidence evidence) {
      this.ticket = ticket;
      Lane lane = world.nodes.get(0).lanes.get(0);
      this.login = new Login(lane, evidence, PATIENCE, this);
      lane.execute(() -> login.begin(World.REALM, details.with(Keys.AUTHMETHODS, List.of(method))));
      world.stirred();
    }

    @Override
    public void challenged(Challenge challenge) {
      heard.add(challenge.method() + " " + challenge.extra());
      if (ticket != null) {
        login.prove(new Authenticate(ticket, Map.of()));
      }
    }

    @Override
    public void accepted(Realm realm, long session, Principal who) {
      principal = who;
      heard.add(who.authid() + " is " + who.authrole() + " in " + realm.settings().name());
      world.nodes.get(0).router.sessionIds().release(session);
    }

    @Override
    public void refused(String reason, String message) {
      heard.add(reason + ": " + message);
    }
  }

  private Newcomer joe(@Nullable String ticket) {
    return new Newcomer("ticket", Options.of(Keys.AUTHID, "joe"), ticket);
  }

  @Test
  @Conformance("AUTH-12")
  void procedureIsToldWhatTheClientSaysAndSaysWhoItIs() {
    try (world) {
      TestClient judge = judge();
      Newcomer joe = joe("secret1");
      assertThat(judge.hears())
          .singleElement()
          .asString()
          .matches(
              "\\[68,1,\\d+,\\{},\\['realm1','joe',\\{'authmethods':\\['ticket'],'authid':'joe',"
                  + "'ticket':'secret1','session':\\d+,'authmethod':'ticket',"
                  + "'transport':\\{('peer':'10.0.0.1:1883'|'secure':true|,)*}}]]");
      assertThat(joe.heard).containsExactly("ticket {}", "joe is user in realm1");
      assertThat(joe.principal)
          .isEqualTo(new Principal("realm1", "joe", "user", "ticket", "dynamic", null));

      answer = "[{'role':'user','authid':'jo','realm':'realm2','extra':{'a':1}}]";
      Newcomer guest = new Newcomer("anonymous", Options.EMPTY, null);
      assertThat(guest.principal)
          .isEqualTo(
              new Principal("realm2", "jo", "user", "anonymous", "dynamic", Map.of("a", 1L)));
      answer = "['user']";
      assertThat(joe("secret1").heard).endsWith("joe is user in realm1");
    }
  }

  @Test
  void procedureIsToldTheIdOfTheCookie() {
    try (world) {
      TestClient judge = judge();
      Cookie cookie = Cookie.of(Cookie.freshValue());
      Newcomer joe =
          new Newcomer(
              "anonymous",
              Options.EMPTY,
              null,
              Clients.evidence("10.0.0.1:1883", true, null, null, cookie));
      assertThat(joe.heard).hasSize(1);
      assertThat(judge.hears())
          .singleElement()
          .asString()
          .contains(
              "'transport':{'peer':'10.0.0.1:1883','secure':true,'cookie':'" + cookie.id() + "'}");
    }
  }

  /** Who only looks up what the ticket should be leaves it to the router to compare. */
  @ParameterizedTest
  @CsvSource({"secret1, joe is user in realm1", "secret2, wamp.error.authentication_denied"})
  void ticketThatTheProcedureTellsHasToBeTheOneShown(String shown, String outcome) {
    try (world) {
      judge();
      answer = "[{'role':'user','ticket':'secret1'}]";
      assertThat(joe(shown).heard).hasSize(2).last().asString().startsWith(outcome);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wamp.error.authentication_denied",
        "wamp.error.no_such_principal",
        "wamp.error.no_such_role",
        "com.example.come_back_tomorrow"
      })
  @Conformance("AUTH-12")
  void errorOfTheProcedureBecomesTheReason(String error) {
    try (world) {
      judge();
      answer = "'" + error + "',['not you']";
      assertThat(joe("secret1").heard).last().isEqualTo(error + ": not you");
      answer = "'" + error + "'";
      assertThat(joe("secret1").heard)
          .last()
          .isEqualTo(error + ": the authenticator refuses the client");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'wamp.error.runtime_error',['SQL of the secret table']",
        "'wamp.error.invalid_argument'",
        "[]",
        "[null]",
        "[1]",
        "[['user']]",
        "[{}]",
        "[{'role':1}]",
        "[{'role':'user','authid':7}]",
        "[{'role':'user','authid':' '}]",
        "[{'role':'user','realm':{}}]",
        "[{'role':'user','extra':'none'}]",
        "[{'role':'user','ticket':12345678}]"
      })
  void procedureThatBreaksOrAnswersNonsenseRefusesTheClient(String nonsense) {
    try (world) {
      judge();
      answer = nonsense;
      assertThat(joe("secret1").heard)
          .last()
          .isEqualTo("wamp.error.authentication_failed: authentication could not be done");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'[{''role'':''boss''}]', wamp.error.no_such_role",
    "'[{''role'':''user'',''realm'':''realm3''}]', wamp.error.no_such_realm"
  })
  void roleAndRealmHaveToBeThere(String said, String reason) {
    try (world) {
      judge();
      answer = said;
      assertThat(joe("secret1").heard).last().asString().startsWith(reason);
    }
  }

  @Test
  void procedureThatIsNotThereHangsOrDiesRefusesTheClientInTime() {
    try (world) {
      String failed = "wamp.error.authentication_failed: authentication could not be done";
      assertThat(joe("secret1").heard).last().isEqualTo(failed);

      TestClient judge = judge();
      answer = "";
      Newcomer waits = joe("secret1");
      assertThat(waits.heard).hasSize(1);
      world.advance(TIMEOUT.plusMillis(1));
      assertThat(waits.heard).last().isEqualTo(failed);

      Newcomer last = joe("secret1");
      judge.leave();
      assertThat(last.heard).last().isEqualTo(failed);
    }
  }

  @Test
  void whoGivesUpMeanwhileIsToldNothing() {
    try (world) {
      TestClient judge = judge();
      answer = "";
      Newcomer joe = joe("secret1");
      world.nodes.get(0).lanes.get(0).execute(joe.login::abandon);
      world.stirred();
      judge.hears();
      judge.says("[70,1,{},['user']]");
      assertThat(joe.heard).containsExactly("ticket {}");
    }
  }

  @Test
  void whatAMethodNeedsIsAskedForBeforeTheProcedure() {
    try (world) {
      TestClient judge = judge();
      assertThat(new Newcomer("ticket", Options.EMPTY, "secret1").heard)
          .singleElement()
          .asString()
          .startsWith("wamp.error.authentication_denied");
      assertThat(judge.hears()).isEmpty();
    }
  }
}
