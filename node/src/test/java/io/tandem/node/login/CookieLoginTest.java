package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Cookie;
import io.tandem.node.auth.CookieLogins;
import io.tandem.node.auth.Evidence;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.registry.logins.RememberedLogin;
import io.tandem.registry.logins.RememberedLogins;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Clients whose logins are remembered, while the memory takes its time or does not answer. */
class CookieLoginTest extends LoginWithoutTransport {

  private static final Memory MEMORY = new Memory();

  private final Evidence shown =
      Clients.evidence("10.0.0.1:1", true, null, null, Cookie.of(Cookie.freshValue()));

  CookieLoginTest() {
    super(Map.of(), new CookieLogins(MEMORY, Duration.ofDays(1), false, Instant::now));
    MEMORY.questions.clear();
    MEMORY.written.clear();
  }

  /** Answers when the test does. */
  private static final class Memory implements RememberedLogins {
    final List<CompletableFuture<@Nullable RememberedLogin>> questions = new ArrayList<>();
    final List<CompletableFuture<@Nullable Void>> changes = new ArrayList<>();
    final List<RememberedLogin> written = new ArrayList<>();

    @Override
    public CompletionStage<@Nullable RememberedLogin> find(String name) {
      CompletableFuture<@Nullable RememberedLogin> answer = new CompletableFuture<>();
      questions.add(answer);
      return answer;
    }

    @Override
    public CompletionStage<@Nullable Void> remember(String name, RememberedLogin login) {
      written.add(login);
      CompletableFuture<@Nullable Void> answer = new CompletableFuture<>();
      changes.add(answer);
      return answer;
    }

    @Override
    public CompletionStage<@Nullable Void> forget(String name) {
      return CompletableFuture.completedFuture(null);
    }

    void done() {
      changes.remove(0).complete(null);
    }

    void failed() {
      changes.remove(0).completeExceptionally(new IllegalStateException("played"));
    }
  }

  private Device byCookie() {
    Device device = new Device(shown, "joe-s secret");
    device.login.begin("realm1", Options.of(Keys.AUTHMETHODS, List.of("cookie")));
    world.runTasks();
    return device;
  }

  private void answer(@Nullable RememberedLogin login) {
    MEMORY.questions.remove(0).complete(login);
    world.runTasks();
  }

  /** What was remembered when joe logged in. */
  private RememberedLogin joe() {
    Device joe = login(shown, "ticket", "joe", "joe-s secret");
    MEMORY.done();
    world.runTasks();
    assertThat(joe.heard).containsExactly("joe is user");
    return MEMORY.written.get(MEMORY.written.size() - 1);
  }

  @Test
  void whoIsAdmittedIsRememberedAlready() {
    Device joe = login(shown, "ticket", "joe", "joe-s secret");
    assertThat(joe.heard).as("while it is not known to be remembered").isEmpty();
    assertThat(MEMORY.written).hasSize(1);

    MEMORY.done();
    world.runTasks();
    assertThat(joe.heard).containsExactly("joe is user");
  }

  @Test
  void whoCannotBeRememberedIsAdmitted() {
    Device joe = login(shown, "ticket", "joe", "joe-s secret");
    MEMORY.failed();
    world.runTasks();
    assertThat(joe.heard).containsExactly("joe is user");
  }

  @Test
  void whoLeavesMeanwhileIsNotAdmitted() {
    Device joe = login(shown, "ticket", "joe", "joe-s secret");
    joe.login.abandon();
    MEMORY.done();
    world.runTasks();
    assertThat(joe.heard).isEmpty();
  }

  @Test
  void whoIsRefusedIsNotRemembered() {
    assertThat(login(shown, "ticket", "joe", "wrong").heard)
        .containsExactly("wamp.error.authentication_denied");
    assertThat(login(shown, "anonymous", "joe", null).heard)
        .containsExactly("wamp.error.no_such_role");
    assertThat(MEMORY.written).isEmpty();
  }

  @Test
  void whoIsRememberedComesInWhenThatIsFound() {
    RememberedLogin login = joe();
    Device again = byCookie();
    assertThat(again.heard).isEmpty();
    answer(login);
    assertThat(again.heard).containsExactly("joe is user");
    assertThat(again.session).isNotNull();
    assertThat(again.session.principal().authmethod()).isEqualTo("cookie");
    assertThat(again.session.principal().authprovider()).isEqualTo("static");
    assertThat(MEMORY.written).as("logins remembered").hasSize(1);
  }

  @Test
  void whoIsNotRememberedIsToldToProveItself() {
    Device stranger = byCookie();
    answer(null);
    assertThat(stranger.heard).containsExactly("wamp.error.authentication_required");
  }

  /** A memory that does not answer is not one that knows nothing. */
  @Test
  void memoryThatFailsOrIsSilentRefuses() {
    Device one = byCookie();
    MEMORY.questions.remove(0).completeExceptionally(new IllegalStateException("played"));
    world.runTasks();
    assertThat(one.heard).containsExactly("wamp.error.authentication_failed");

    Device two = byCookie();
    world.time.pass(PATIENCE);
    assertThat(two.heard).containsExactly("wamp.error.authentication_failed");
    answer(null);
    assertThat(two.heard).hasSize(1);
  }

  /** The configuration has another role for joe than what the cluster remembers of it. */
  @Test
  void roleThatTheRealmHasNotGivesNoWayIn() {
    RememberedLogin login = joe();
    Device again = byCookie();
    answer(
        new RememberedLogin(
            login.asked(),
            login.claimed(),
            login.realm(),
            login.authid(),
            "admin",
            login.authmethod(),
            login.authprovider(),
            null,
            login.seal(),
            login.until()));
    assertThat(again.heard).containsExactly("wamp.error.authentication_required");
  }
}
