package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.auth.Action;
import io.tandem.node.auth.Answer;
import io.tandem.node.auth.Decision;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A session that leaves testaments, and one that hears them, on two nodes with two lanes each. */
abstract class Testators {

  static final String ADD = "wamp.session.add_testament";
  static final String FLUSH = "wamp.session.flush_testaments";
  static final String GONE = ",['com.gone',[],{}]";

  /** Topics to which nobody may publish. */
  final Set<String> forbidden = new HashSet<>();

  /** What the authorizer says about everything, where it is set. */
  CompletableFuture<Decision> later;

  final World world = new World(2, 2, 1, realm -> realm.authorizer = this::authorize);
  TestClient alice;
  TestClient bob;

  private Answer authorize(Object who, Action action, String uri, Object match) {
    if (action != Action.PUBLISH) {
      return Decision.ALLOWED;
    }
    return later != null
        ? new Answer.Later(later)
        : forbidden.contains(uri) ? Decision.DENIED : Decision.ALLOWED;
  }

  @BeforeEach
  void serve() {
    world.serveMeta();
    alice = world.join(0, client -> client.is("alice", "user"));
    bob = world.join(world.nodes.get(1), 1, client -> client.is("bob", "user"));
  }

  @AfterEach
  void end() {
    world.close();
  }

  static void calls(TestClient client, String procedure, String args) {
    client.says("[48," + client.next() + ",{},'" + procedure + "'" + args + "]");
  }

  /** The call has no result (PS-TEST-03). */
  static void does(TestClient client, String procedure, String args) {
    long request = client.next();
    calls(client, procedure, args);
    assertThat(client.hears()).containsExactly("[50," + request + ",{}]");
  }

  static void isRefused(TestClient client, String procedure, String args, String error) {
    calls(client, procedure, args);
    assertThat(client.hears()).hasSize(1).first().asString().contains("{},'wamp.error." + error);
  }

  /** What bob has heard, without the numbers. */
  final List<String> heard() {
    return bob.hears().stream()
        .map(event -> event.replaceFirst("^\\[36,\\d+,P\\d+,\\{},?(.*)]$", "$1"))
        .toList();
  }
}
