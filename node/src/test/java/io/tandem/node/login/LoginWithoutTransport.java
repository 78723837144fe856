package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.AnonymousAuthenticator;
import io.tandem.node.auth.AuthAnswer;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.AuthRequest;
import io.tandem.node.auth.AuthStep;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Authenticator;
import io.tandem.node.auth.CookieLogins;
import io.tandem.node.auth.Decision;
import io.tandem.node.auth.Evidence;
import io.tandem.node.auth.FailedLogins;
import io.tandem.node.auth.Principal;
import io.tandem.node.auth.TicketAuthenticator;
import io.tandem.node.router.ClientFeatures;
import io.tandem.node.router.Outbox;
import io.tandem.node.router.Realm;
import io.tandem.node.router.SendResult;
import io.tandem.node.router.Session;
import io.tandem.node.router.SessionLimits;
import io.tandem.node.router.SharedMessage;
import io.tandem.node.testing.Clients;
import io.tandem.node.testing.OneLane;
import io.tandem.protocol.message.Authenticate;
import io.tandem.protocol.message.Challenge;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.WampMessage;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.logins.RememberedLogins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Clients that are no clients of WAMP, on a lane whose clock and tasks a test plays itself. */
abstract class LoginWithoutTransport {

  static final Duration PATIENCE = Duration.ofSeconds(5);
  static final Evidence SAFE = Clients.evidence("10.0.0.1:1883", true, null, null);

  static final AuthStep KNOWN =
      new AuthStep.Accepted(new Principal("realm1", "ann", "user", "test", "test", null));

  final AuthPool pool = new AuthPool();
  final FailedLogins failed = new FailedLogins(FailedLogins.Policy.NONE);
  final Played played = new Played();

  final OneLane world;

  LoginWithoutTransport() {
    this(Map.of());
  }

  LoginWithoutTransport(Map<String, SessionLimits> limitsOfRoles) {
    this(limitsOfRoles, CookieLogins.forgetting(RememberedLogins.NONE));
  }

  /**
   * @param cookies what the realm remembers of logins
   */
  LoginWithoutTransport(Map<String, SessionLimits> limitsOfRoles, CookieLogins cookies) {
    world =
        new OneLane(
            OneLane.realm(
                "realm1",
                new Authentication(
                    List.of(
                        new AnonymousAuthenticator("nobody"),
                        new TicketAuthenticator(
                            Map.of("joe", new TicketAuthenticator.Ticket("user", "joe-s secret")),
                            false),
                        played),
                    Set.of("user"),
                    pool,
                    failed,
                    cookies),
                (principal, action, uri, match) -> Decision.ALLOWED,
                limitsOfRoles));
  }

  /** Says what the test has it say. */
  static final class Played implements Authenticator {
    Function<AuthRequest, @Nullable AuthAnswer> answer = request -> KNOWN;

    @Override
    public String method() {
      return "played";
    }

    @Override
    public AuthAnswer begin(AuthRequest request) {
      return answer.apply(request);
    }
  }

  /** A client of some other protocol, which has shown all that it will ever show. */
  class Device implements Login.Client, Outbox {
    final List<String> heard = new ArrayList<>();
    final Login login;
    private final @Nullable String secret;
    @Nullable Session session;
    @Nullable Realm realm;

    Device(Evidence evidence, @Nullable String secret) {
      this.secret = secret;
      this.login = new Login(world.lane, evidence, PATIENCE, this);
    }

    @Override
    public void challenged(Challenge challenge) {
      if (secret == null) {
        heard.add(challenge.method());
      } else {
        login.prove(new Authenticate(secret, Map.of()));
      }
    }

    /** Whether it becomes a session when it may. */
    boolean stays() {
      return true;
    }

    @Override
    public void accepted(Realm joined, long id, Principal principal) {
      heard.add(principal.authid() + " is " + principal.authrole());
      if (!stays()) {
        world.ids.release(id);
        return;
      }
      realm = joined;
      session =
          new Session(
              id, principal, new ClientFeatures(false, false, false), this, joined.account());
      joined.join(session);
    }

    @Override
    public void refused(String reason, String message) {
      heard.add(reason);
    }

    @Override
    public Serializer serializer() {
      return Serializer.JSON;
    }

    @Override
    public SendResult send(WampMessage message) {
      return SendResult.SENT;
    }

    @Override
    public SendResult send(SharedMessage message) {
      return SendResult.SENT;
    }

    @Override
    public boolean isCrowded() {
      return false;
    }

    @Override
    public void hold() {}

    @Override
    public void release() {}
  }

  Device login(Evidence evidence, String method, String authid, @Nullable String secret) {
    Device device = new Device(evidence, secret);
    device.login.begin(
        "realm1", Options.of(Keys.AUTHMETHODS, List.of(method)).with(Keys.AUTHID, authid));
    world.runTasks();
    return device;
  }

  Device played(Supplier<@Nullable AuthAnswer> answer) {
    played.answer = request -> answer.get();
    return login(SAFE, "played", "ann", "proof");
  }

  @AfterEach
  void nothingIsLeft() {
    pool.close();
    assertThat(world.time.timers()).as("timers").isZero();
    assertThat(world.ids.claimed).as("session IDs").hasSize(world.lane.sessions());
  }
}
