package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.core.HazelcastInstance;
import io.tandem.registry.Histogram;
import io.tandem.registry.logins.RememberedLogin;
import io.tandem.testing.Patience;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Logins that the nodes of a cluster remember together. */
class HazelcastRememberedLoginsTest {

  @RegisterExtension static final TwoMembers members = new TwoMembers();

  private final Instant far = Instant.now().plus(Duration.ofDays(300));

  private final String map = members.freshMap();
  private final HazelcastRememberedLogins here = logins(members.first, map);
  private final HazelcastRememberedLogins there = logins(members.second, map);

  private static HazelcastRememberedLogins logins(HazelcastInstance member, String map) {
    return new HazelcastRememberedLogins(
        new HazelcastOctetMap(member, map, Histogram.ofTimes()),
        Patience.LIMIT,
        InstantSource.system());
  }

  private static RememberedLogin login(String authid, Instant until) {
    return new RememberedLogin(
        "realm1", null, "realm2", authid, "user", "ticket", "static", "[],{\"a\":1}", "s", until);
  }

  @Test
  void everyNodeFindsTheLatestLoginUntilOneForgetsIt() {
    await(here.remember("a", login("joe", far)));
    assertThat(await(there.find("a"))).isEqualTo(login("joe", far));
    assertThat(await(there.find("b"))).isNull();

    await(there.remember("a", login("ann", far)));
    assertThat(await(here.find("a"))).isEqualTo(login("ann", far));

    await(here.forget("a"));
    assertThat(await(there.find("a"))).isNull();
    assertThat(await(here.find("a"))).isNull();
  }

  @Test
  void everyFieldSurvivesWhetherItIsThereOrNot() {
    RememberedLogin full =
        new RememberedLogin("r1", "joe", "r2", "jöe", "user", "m", "p", "[],{}", "seal", far);
    RememberedLogin bare = new RememberedLogin("", null, "", "", "", "", "", null, "", far);
    assertThat(LoginFormat.decode(LoginFormat.encode(full))).isEqualTo(full);
    assertThat(LoginFormat.decode(LoginFormat.encode(bare))).isEqualTo(bare);
    assertThat(LoginFormat.decode(new byte[] {2, 0, 0})).as("of a later release").isNull();
  }

  @Test
  void aLoginIsDroppedWhenItsTimeIsOver() {
    await(here.remember("a", login("joe", Instant.now().plusMillis(900))));
    Patience.until("it is dropped", () -> members.first.getMap(map).isEmpty());
    assertThat(await(there.find("a"))).isNull();

    await(here.remember("a", login("joe", far)));
    await(here.remember("a", login("joe", Instant.now().minusSeconds(1))));
    assertThat(await(there.find("a"))).as("it is over already").isNull();
  }

  @Test
  void aLoginWhoseTimeIsOverIsNotFoundEvenWhereItIsStillKept() {
    Instant until = Instant.now().plusSeconds(600);
    await(here.remember("a", login("joe", until)));
    HazelcastRememberedLogins later =
        new HazelcastRememberedLogins(
            new HazelcastOctetMap(members.second, map, Histogram.ofTimes()),
            Patience.LIMIT,
            () -> until);
    assertThat(await(later.find("a"))).isNull();
    assertThat(await(there.find("a"))).isNotNull();
  }

  /** Hazelcast looks at some entries of a partition, so it is not exactly the oldest that goes. */
  @Test
  void theirNumberIsBoundedAndThoseAskedForStay() {
    String small = "logins that are few"; // "tandem." is configured for all members already
    for (HazelcastInstance member : List.of(members.first, members.second)) {
      member.getConfig().addMapConfig(HazelcastRegistry.bounded(small, 1_000));
    }
    HazelcastRememberedLogins few = logins(members.first, small);
    List<CompletableFuture<?>> written = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      written.add(few.remember("login " + i, login("joe", far)).toCompletableFuture());
    }
    written.forEach(Patience::join);
    assertThat(members.first.getMap(small).size()).isLessThan(2 * 1_000 + 271);
  }

  @Test
  void aLoginSurvivesTheMemberThatKeptIt() {
    try (Grid grid = new Grid()) {
      HazelcastInstance dying = grid.member();
      HazelcastInstance staying = grid.member();
      HazelcastRememberedLogins writer = logins(dying, "tandem.logins");
      for (int i = 0; i < 50; i++) {
        await(writer.remember("login " + i, login("joe", far)));
      }
      Patience.until("all has its copy", dying.getPartitionService()::isClusterSafe);
      Grid.kill(dying);
      HazelcastRememberedLogins reader = logins(staying, "tandem.logins");
      for (int i = 0; i < 50; i++) {
        assertThat(await(reader.find("login " + i))).isEqualTo(login("joe", far));
      }
    }
  }

  @Test
  void whoGetsNoAnswerIsToldSoInTime() {
    OctetMap silent = new SilentMap();
    HazelcastRememberedLogins asking =
        new HazelcastRememberedLogins(silent, Duration.ofMillis(1), InstantSource.system());
    for (CompletionStage<?> asked :
        List.of(asking.find("a"), asking.remember("a", login("joe", far)), asking.forget("a"))) {
      assertThatThrownBy(() -> await(asked)).hasRootCauseInstanceOf(TimeoutException.class);
    }
  }

  /** Answers nobody. */
  private static final class SilentMap implements OctetMap {

    @Override
    public CompletionStage<byte @Nullable []> get(byte[] key, Deadline deadline) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<byte @Nullable []> copy(byte[] key, Deadline deadline) {
      return new CompletableFuture<>();
    }

    @Override
    public boolean hasCopies() {
      return true;
    }

    @Override
    public CompletionStage<byte @Nullable []> putIfAbsent(
        byte[] key, byte[] value, Deadline deadline) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Boolean> replace(
        byte[] key, byte[] expected, byte[] value, Deadline deadline) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Boolean> remove(byte[] key, byte[] expected, Deadline deadline) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<?> set(
        byte[] key, byte[] value, Duration forHowLong, Deadline deadline) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<?> delete(byte[] key, Deadline deadline) {
      return new CompletableFuture<>();
    }

    @Override
    public Collection<byte[]> keys(int from, int to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Set<Map.Entry<byte[], byte[]>> readAll(Collection<byte[]> keys) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int partitions() {
      return 0;
    }

    @Override
    public Set<java.util.Map.Entry<byte[], byte[]>> read(int from, int to) {
      return java.util.Set.of();
    }
  }
}
