package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Registrations with several callees, and which of them is called. */
class SharedRegistrationTest {

  @Test
  @Conformance({"RPC-SHR-01", "RPC-SHR-03", "RPC-SHR-04"})
  void firstCalleeSettlesThePolicyAndAllShareOneId() {
    try (World world = new World(2)) {
      TestClient bob = world.join(0);
      TestClient carol = world.join(1);
      TestClient dave = world.join(1);
      assertThat(bob.registers("com.add", "'invoke':'last'")).isEqualTo(1);
      assertThat(carol.registers("com.add", "'invoke':'last'")).isEqualTo(1);
      bob.says("[66,2,1]");
      dave.says("[64,1,{'invoke':'first'},'com.add']");
      dave.says("[64,2,{},'com.add']");
      assertThat(dave.hears())
          .containsExactly(
              "[8,64,1,{},'wamp.error.procedure_already_exists',['the procedure is registered with"
                  + " invocation policy last']]",
              "[8,64,2,{},'wamp.error.procedure_already_exists',['the procedure is registered with"
                  + " invocation policy last']]");
    }
  }

  @Test
  @Conformance({"RPC-SHR-06", "QRK-13"})
  void sessionJoinsASharedRegistrationOnce() {
    try (World world = new World(1)) {
      TestClient bob = world.join(0);
      bob.registers("com.add", "'invoke':'random'");
      bob.says("[64,2,{'invoke':'random'},'com.add']");
      assertThat(bob.hears())
          .containsExactly(
              "[8,64,2,{},'wamp.error.procedure_already_exists',['this session has registered the"
                  + " procedure already']]");
    }
  }

  @Test
  @Conformance("RPC-SHR-05")
  void roundRobinKeepsTheOrderOfRegistrationOverJoinsAndLeaves() {
    try (World world = new World(3)) {
      TestClient alice = world.join(0);
      TestClient a = callee(world, 1, "roundrobin");
      TestClient b = callee(world, 2, "roundrobin");
      TestClient c = callee(world, 0, "roundrobin");
      assertThat(turns(world, alice, 4)).containsExactly(a, b, c, a);
      TestClient d = callee(world, 1, "roundrobin");
      assertThat(turns(world, alice, 4)).containsExactly(b, c, d, a);
      b.leave();
      assertThat(turns(world, alice, 4)).containsExactly(c, d, a, c);
      d.leave();
      c.leave();
      assertThat(turns(world, alice, 2)).containsExactly(a, a);
    }
  }

  @Test
  @Conformance("RPC-SHR-05")
  void firstAndLastAreTheOldestAndTheNewestStillPresent() {
    try (World world = new World(2)) {
      TestClient alice = world.join(0);
      TestClient a = callee(world, 1, "first");
      TestClient b = callee(world, 0, "first");
      TestClient c = callee(world, 1, "first");
      assertThat(turns(world, alice, 2)).containsExactly(a, a);
      a.leave();
      assertThat(turns(world, alice, 2)).containsExactly(b, b);
      b.leave();
      c.leave();
      TestClient d = callee(world, 1, "last");
      TestClient e = callee(world, 0, "last");
      assertThat(turns(world, alice, 2)).containsExactly(e, e);
      e.leave();
      assertThat(turns(world, alice, 1)).containsExactly(d);
    }
  }

  @Test
  @Conformance("RPC-SHR-05")
  void randomReachesEveryCallee() {
    try (World world = new World(2, realm -> realm.maxPendingCalls = 1000)) {
      TestClient alice = world.join(0);
      TestClient a = callee(world, 1, "random");
      TestClient b = callee(world, 0, "random");
      TestClient c = callee(world, 1, "random");
      // One of three is missed with a probability of 3 * (2/3)^200, some 10^-34.
      assertThat(turns(world, alice, 200)).contains(a, b, c);
    }
  }

  private static TestClient callee(World world, int lane, String policy) {
    TestClient callee = world.join(lane);
    callee.registers("com.add", "'invoke':'" + policy + "'");
    return callee;
  }

  /** Who gets the next calls, one after the other. */
  private static List<TestClient> turns(World world, TestClient caller, int calls) {
    List<TestClient> turns = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      caller.calls("com.add");
      world.clients.stream()
          .filter(client -> client != caller && !client.hears().isEmpty())
          .forEach(turns::add);
    }
    return turns;
  }
}
