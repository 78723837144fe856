package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.testing.Conformance;
import org.junit.jupiter.api.Test;

/** How far callers and publishers are trusted, which the configuration alone says. */
class TrustLevelsTest {

  private static World world() {
    return new World(
        2,
        2,
        1,
        realm -> {
          realm.trust.add("user", 2);
          realm.trust.add("user", MatchPolicy.PREFIX, "com.shop", 5);
          realm.trust.add("user", MatchPolicy.EXACT, "com.shop.pay", 0);
        });
  }

  private static TestClient join(World world, String place, String role) {
    return world.join(
        world.nodes.get(place.charAt(0) - 'A'),
        place.charAt(1) - '0',
        client -> client.is("somebody", role));
  }

  @Test
  @Conformance("RPC-TRUST-01")
  void calleeIsToldByRoleAndProcedureAndNotByTheCaller() {
    try (World world = world()) {
      TestClient alice = join(world, "A0", "user");
      TestClient carol = join(world, "A0", "guest");
      for (String place : new String[] {"A0", "A1", "B0"}) {
        TestClient bob = join(world, place, "user");
        bob.registers("com", "'match':'prefix'");
        for (String procedure : new String[] {"com.add", "com.shop.add", "com.shop.pay"}) {
          alice.says("[48," + alice.next() + ",{'trustlevel':9},'" + procedure + "']");
        }
        carol.says("[48," + carol.next() + ",{'trustlevel':9},'com.shop.add']");
        assertThat(bob.hears())
            .extracting(TrustLevelsTest::details)
            .containsExactly(
                "{'trustlevel':2,'procedure':'com.add'}",
                "{'trustlevel':5,'procedure':'com.shop.add'}",
                "{'trustlevel':0,'procedure':'com.shop.pay'}",
                "{'procedure':'com.shop.add'}");
        bob.leave();
        alice.hears();
        carol.hears();
      }
    }
  }

  @Test
  @Conformance("PS-TRUST-01")
  void subscriberIsToldByRoleAndTopicAndNotByThePublisher() {
    try (World world = world()) {
      TestClient alice = join(world, "A0", "user");
      TestClient carol = join(world, "A0", "guest");
      TestClient here = join(world, "A1", "user");
      TestClient there = join(world, "B0", "user");
      here.subscribes("com.shop.sold");
      there.subscribes("com.shop.sold");
      alice.says("[16,1,{'trustlevel':9},'com.shop.sold']");
      carol.says("[16,1,{'trustlevel':9},'com.shop.sold']");
      for (TestClient subscriber : new TestClient[] {here, there}) {
        assertThat(subscriber.hears())
            .extracting(TrustLevelsTest::details)
            .containsExactly("{'trustlevel':5}", "{}");
      }
    }
  }

  private static String details(String message) {
    return message.substring(message.indexOf('{'), message.indexOf('}') + 1);
  }
}
