package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The only callee of a procedure goes with its node, and comes back elsewhere. */
class MovingProceduresTest {

  private static final String UNAVAILABLE =
      "[8,48,1,{},'wamp.error.unavailable',"
          + "['com.add is moving: its node leaves, and nobody has registered it elsewhere yet']]";

  @ParameterizedTest
  @CsvSource({"exact,com.add", "prefix,com.", "wildcard,.add"})
  void whoCallsMeanwhileHearsThatItIsUnavailable(String match, String uri) {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0);
      TestClient local = join(world, "B", 0);
      TestClient callee = join(world, "B", 1);
      callee.registers(uri, "'match':'" + match + "'");
      drains(world);
      callee.leave();
      alice.says("[48,1,{},'com.add']");
      local.says("[48,1,{},'com.add']");
      assertThat(alice.hears()).containsExactly(UNAVAILABLE);
      assertThat(local.hears()).containsExactly(UNAVAILABLE);
      TestClient next = join(world, "A", 1);
      next.registers(uri, "'match':'" + match + "'");
      alice.calls("com.add");
      assertThat(next.hears()).hasSize(1);
      next.leave();
      alice.hears();
      alice.says("[48,3,{},'com.add']");
      assertThat(alice.hears()).singleElement().asString().contains("no_such_procedure");
    }
  }

  @Test
  void whoIsRefusedByACalleeThatHasLeftHearsItBeforeTheTablesKnow() {
    try (World world = twoNodes()) {
      TestClient caller = join(world, "B", 0);
      TestClient callee = join(world, "B", 1);
      callee.registers("com.add");
      drains(world);
      world.leavesUnseen(callee);
      caller.says("[48,1,{},'com.add']");
      world.turnOf(caller);
      world.turnOf(callee);
      world.turnOf(caller);
      assertThat(caller.hears()).containsExactly(UNAVAILABLE);
    }
  }

  @Test
  void nodeThatIsGoneIsWaitedForNoLonger() {
    try (World world = twoNodes()) {
      TestNode leaver = world.nodes.get(1);
      TestClient alice = join(world, "A", 0);
      TestClient callee = join(world, "B", 1);
      callee.registers("com.add");
      drains(world);
      callee.leave();
      world.nodes.get(0).router.unlink(leaver.id);
      world.stirred();
      world.advance(Duration.ofMillis(9_900));
      alice.says("[48,1,{},'com.add']");
      assertThat(alice.hears()).containsExactly(UNAVAILABLE);
      world.advance(Duration.ofMillis(200));
      alice.says("[48,2,{},'com.add']");
      assertThat(alice.hears()).singleElement().asString().contains("no_such_procedure");
    }
  }

  @Test
  void whatACalleeGivesBackOnANodeThatStaysIsNoProcedureAnyMore() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0);
      TestClient callee = join(world, "A", 1);
      callee.registers("com.add");
      drains(world);
      callee.leave();
      alice.says("[48,1,{},'com.add']");
      assertThat(alice.hears()).singleElement().asString().contains("no_such_procedure");
    }
  }

  @Test
  @Conformance("URI-09")
  void patternOfAClientThatMovesNeverHeldAReservedProcedure() {
    try (World world = twoNodes()) {
      TestClient alice = join(world, "A", 0);
      TestClient callee = join(world, "B", 1);
      callee.registers(".add", "'match':'wildcard'");
      drains(world);
      alice.says("[48,1,{},'wamp.add']");
      assertThat(alice.hears()).singleElement().asString().contains("no_such_procedure");
      callee.leave();
      alice.says("[48,2,{},'wamp.add']");
      assertThat(alice.hears()).singleElement().asString().contains("no_such_procedure");
    }
  }

  private static void drains(World world) {
    TestNode leaver = world.nodes.get(1);
    world.nodes.forEach(node -> node.router.drains(leaver.id));
  }

  private static World twoNodes() {
    return new World(2, 2, 1, realm -> {});
  }

  private static TestClient join(World world, String node, int lane) {
    return world.join(world.nodes.get(node.charAt(0) - 'A'), lane, client -> {});
  }
}
