package io.tandem.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.cluster.kept.KeepRules;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Authorizer;
import io.tandem.node.router.Budget;
import io.tandem.node.router.CallSettings;
import io.tandem.node.router.Lane;
import io.tandem.node.router.RealmSettings;
import io.tandem.node.router.Router;
import io.tandem.node.router.SessionLimits;
import io.tandem.node.router.TestamentLimits;
import io.tandem.node.router.TrustLevels;
import io.tandem.protocol.uri.UriSyntax;
import io.tandem.registry.NodeId;
import io.tandem.registry.RoutingTables;
import io.tandem.registry.log.RegistryLog;
import io.tandem.registry.log.RegistryWriter;
import io.tandem.registry.record.SharedRecords;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.registry.sessions.SessionDirectory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A router with one lane, whose clock and tasks a test plays itself. */
public final class OneLane {

  public final ManualTime time = new ManualTime();

  /** What the lane has to do; other threads may add to it. */
  public final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  public final Ids ids = new Ids();
  public final Router router;
  public final Lane lane;

  /** Session IDs, of which a test sees the claimed ones. */
  public static final class Ids implements SessionDirectory {
    public final Set<Long> claimed = new HashSet<>();
    private long last = 100;

    /** What becomes of the next claims; null while they succeed at once. */
    public @Nullable CompletableFuture<Long> outcome;

    @Override
    public CompletionStage<Long> claim() {
      if (outcome != null) {
        return outcome;
      }
      claimed.add(++last);
      return CompletableFuture.completedFuture(last);
    }

    @Override
    public void release(long id) {
      assertThat(claimed.remove(id)).as("claimed before").isTrue();
    }

    @Override
    public CompletionStage<@Nullable Void> enter(SessionDetails session) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> change(SessionDetails session) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> leave(long session) {
      release(session);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable SessionDetails> find(long session) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<@Nullable Void> forEach(Consumer<? super SessionDetails> visitor) {
      return CompletableFuture.completedFuture(null);
    }
  }

  public OneLane(RealmSettings... realms) {
    NodeId self = new NodeId("node", 1);
    RoutingTables tables = new RoutingTables(self);
    router =
        new Router(
            self,
            List.of(realms),
            tables,
            new RegistryWriter(
                SharedRecords.local(),
                tables,
                new RegistryLog(self, tables),
                tasks::add,
                time,
                node -> false),
            ids,
            new Budget(1 << 20),
            1 << 20);
    lane =
        Lane.join(
            router,
            tasks::add,
            tasks::add,
            time,
            message -> {
              throw new AssertionError("nobody subscribes");
            });
  }

  /** A realm with small limits. */
  public static RealmSettings realm(
      String name, Authentication authentication, Authorizer authorizer) {
    return realm(name, authentication, authorizer, Map.of());
  }

  /** The same with limits of roles. */
  public static RealmSettings realm(
      String name,
      Authentication authentication,
      Authorizer authorizer,
      Map<String, SessionLimits> limitsOfRoles) {
    return new RealmSettings(
        name,
        UriSyntax.REALM,
        false,
        true,
        false,
        true,
        CallSettings.AS_ASKED,
        TrustLevels.NONE,
        false,
        true,
        new SessionLimits(10_000, 10, 10, 10, 1 << 20, null),
        limitsOfRoles,
        Long.MAX_VALUE,
        Long.MAX_VALUE,
        1,
        10,
        10_000,
        new TestamentLimits(10, 10_000),
        KeepRules.DEFAULT,
        authentication,
        authorizer);
  }

  public void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
