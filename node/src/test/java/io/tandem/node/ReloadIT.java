package io.tandem.node;

import static io.tandem.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.client.Arguments;
import io.tandem.client.ClientSession;
import io.tandem.node.testing.TestNode;
import io.tandem.node.testing.TestProcess;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

/** A node that reads its configuration again when it is told to by HUP. */
class ReloadIT {

  private static String realm(String permissions, String limits) {
    return TestNode.LISTENER
        + TestNode.MANAGEMENT
        + """
        realms:
          - name: realm1
            auth: {anonymous: {role: anonymous}}
            limits: {%s}
            roles:
              - name: anonymous
                permissions:
                  - {uri: "", match: prefix, allow: [%s]}
        """
            .formatted(limits, permissions);
  }

  private static final String RIGHTS = "call, register";

  @Test
  void permissionsAndLimitsHoldForSessionsThatAreThere() {
    try (TestProcess node = TestProcess.start(realm("register", ""))) {
      ClientSession one = node.join();
      await(one.register("com.add", call -> Future.succeededFuture(call.arguments())));
      assertThatThrownBy(() -> await(one.call("com.add", Arguments.of(1))))
          .hasStackTraceContaining("wamp.error.not_authorized");
      String before = node.configuration();

      node.reload(realm(RIGHTS, "maxRegistrations: 1"));
      node.untilItSays(1, "the configuration is read again: realm realm1");
      assertThat(await(one.call("com.add", Arguments.of(1)))).isNotNull();
      assertThatThrownBy(
              () -> await(one.register("com.b", call -> Future.succeededFuture(call.arguments()))))
          .hasStackTraceContaining("wamp.error.not_authorized");
      assertThat(node.configuration()).isNotEqualTo(before);

      node.reload(realm("register", ""));
      node.untilItSays(2, "the configuration is read again: realm realm1");
      assertThatThrownBy(() -> await(one.call("com.add", Arguments.of(1))))
          .hasStackTraceContaining("wamp.error.not_authorized");
      assertThat(node.configuration()).isEqualTo(before);
    }
  }

  @Test
  void fileThatIsNotFineChangesNothingAndSaysWhy() {
    try (TestProcess node = TestProcess.start(realm(RIGHTS, ""))) {
      ClientSession one = node.join();
      await(one.register("com.add", call -> Future.succeededFuture(call.arguments())));
      String before = node.configuration();

      node.reload(realm("fly", "maxRegistrations: 0"));
      node.untilItSays(1, "the configuration stays as it was");
      assertThat(node.said())
          .anyMatch(line -> line.contains("realms[0].limits.maxRegistrations"))
          .anyMatch(line -> line.contains("allow[0]"));

      node.reload(realm("publish", "") + "lanes: 3\n");
      node.untilItSays(1, "a new start is needed for lanes");

      node.reload(realm(RIGHTS, "") + "# nothing new\n");
      node.untilItSays(1, "the configuration says nothing new");
      assertThat(await(one.call("com.add", Arguments.of(1)))).isNotNull();
      assertThat(node.configuration()).isEqualTo(before);
    }
  }
}
