package io.tandem.registry.hazelcast;

import static io.tandem.registry.hazelcast.Grid.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.OperationTimeoutException;
import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
import io.tandem.protocol.message.Publish;
import io.tandem.protocol.wire.Payload;
import io.tandem.protocol.wire.Serializer;
import io.tandem.registry.Histogram;
import io.tandem.registry.NodeId;
import io.tandem.registry.hazelcast.WillFormat.WillRecord;
import io.tandem.registry.testaments.Testament;
import io.tandem.registry.testaments.Testament.Scope;
import io.tandem.registry.testaments.Testator;
import io.tandem.registry.testaments.Will;
import io.tandem.testing.Conformance;
import io.tandem.testing.Patience;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The wills of sessions, as the nodes of a cluster keep them for each other. */
class HazelcastWillsTest {

  private static final NodeId A = new NodeId("a", 1);
  private static final NodeId B = new NodeId("b", 2);
  private static final NodeId C = new NodeId("c", 3);

  @RegisterExtension static final TwoMembers MEMBERS = new TwoMembers();

  private final String map = MEMBERS.freshMap();
  private final HazelcastRecordStore<Long, WillRecord> records = records(MEMBERS.first);
  private final HazelcastWills here = wills(A, MEMBERS.first);
  private final HazelcastWills there = wills(B, MEMBERS.second);
  private final HazelcastWills elsewhere = wills(C, MEMBERS.first);
  private final Collection<Will> inherited = new ConcurrentLinkedQueue<>();

  private HazelcastWills wills(NodeId node, HazelcastInstance member) {
    return new HazelcastWills(node, records(member), member.getLifecycleService()::isRunning);
  }

  private HazelcastRecordStore<Long, WillRecord> records(HazelcastInstance member) {
    return records(map(member));
  }

  private OctetMap map(HazelcastInstance member) {
    return new HazelcastOctetMap(member, map, Histogram.ofTimes());
  }

  private static HazelcastRecordStore<Long, WillRecord> records(OctetMap map) {
    return new HazelcastRecordStore<>(
        map, KeyFormat.ID, new WillFormat(), Patience.LIMIT, task -> new Thread(task).start());
  }

  private static Will will(long session, String... topics) {
    Map<String, ?> more = Map.of("transport", Map.of("type", "websocket"));
    Will will =
        Will.of(
            new Testator(
                session,
                "realm1",
                "joe",
                "user",
                "ticket",
                "static",
                true,
                Payload.encode(Serializer.JSON, List.of(), more)));
    for (String topic : topics) {
      will = will.with(testament(Scope.DESTROYED, topic));
    }
    return will;
  }

  private static Testament testament(Scope scope, String topic) {
    return new Testament(
        scope,
        new Publish(
            1,
            Options.of(Keys.DISCLOSE_ME, true).with(Keys.ELIGIBLE, List.of(7L)),
            topic,
            Payload.encode(
                Serializer.CBOR, List.of(1, "two", new byte[] {3}), Map.of("four", 5.5))));
  }

  private static List<String> topics(Will will) {
    return will.testaments().stream().map(each -> each.publish().topic()).toList();
  }

  private CompletableFuture<?> free(HazelcastWills heir, NodeId gone) {
    return heir.free(
            gone::equals,
            will -> {
              inherited.add(will);
              return CompletableFuture.completedFuture(null);
            })
        .toCompletableFuture();
  }

  @Test
  void aWillIsTakenOnceByTheNodeThatHasKeptIt() {
    await(here.keep(will(1, "com.one")));
    await(here.keep(will(1, "com.one", "com.two")));
    assertThat(topics(await(here.take(1)))).containsExactly("com.one", "com.two");
    assertThat(await(here.take(1))).isNull();
    assertThat(await(records.get(1L))).isNull();
    assertThat(await(here.take(2))).as("of a session that left none").isNull();
  }

  @Test
  @Conformance("PS-TEST-10")
  void aWillOfANodeThatIsGoneComesWholeToOneHeirAlone() {
    for (long session = 1; session <= 50; session++) {
      await(here.keep(will(session, "com." + session)));
    }
    await(there.keep(will(51, "com.of.the.living")));
    CompletableFuture.allOf(free(there, A), free(elsewhere, A), free(there, A)).join();
    await(free(elsewhere, A));
    assertThat(inherited).hasSize(50);
    assertThat(inherited.stream().map(will -> will.testator().session()))
        .doesNotHaveDuplicates()
        .doesNotContain(51L);
    Will one = inherited.iterator().next();
    Will kept = will(one.testator().session(), "com." + one.testator().session());
    assertThat(one.testator().authid()).isEqualTo("joe");
    assertThat(one.testator().passthru()).isTrue();
    assertThat(one.testator().more().kwargs()).isEqualTo(kept.testator().more().kwargs());
    Testament first = one.testaments().get(0);
    assertThat(first.scope()).isEqualTo(Scope.DESTROYED);
    assertThat(first.publish().topic()).isEqualTo(kept.testaments().get(0).publish().topic());
    assertThat(first.publish().options().toMap())
        .isEqualTo(Map.of("disclose_me", true, "eligible", List.of(7L)));
    assertThat(first.publish().payload().args()).hasSize(3).contains(1L, "two");
    assertThat(first.publish().payload().kwargs()).isEqualTo(Map.of("four", 5.5));
  }

  @Test
  void whatAnHeirHasTakenOverAndNotPublishedComesToTheNextOne() {
    await(records.putIfAbsent(1L, new WillRecord(B, will(1, "com.one"))));
    await(free(elsewhere, B));
    assertThat(inherited).hasSize(1);
    assertThat(await(records.get(1L))).isNull();
  }

  /** Else it would be nobody's: this node's own, of a session that it never had. */
  @Test
  @Conformance("PS-TEST-10")
  void aWillThatIsTakenOverWithoutAWordIsPublishedAllTheSame() {
    await(records.putIfAbsent(1L, new WillRecord(B, will(1, "com.one"))));
    AtomicInteger lost = new AtomicInteger(2);
    OctetMap map = map(MEMBERS.first);
    OctetMap losing =
        (OctetMap)
            Proxy.newProxyInstance(
                OctetMap.class.getClassLoader(),
                new Class<?>[] {OctetMap.class},
                (proxy, method, args) -> {
                  Object answer = method.invoke(map, args);
                  return method.getName().equals("replace") && lost.getAndDecrement() > 0
                      ? ((CompletionStage<?>) answer)
                          .thenApply(
                              made -> {
                                throw new OperationTimeoutException("no word");
                              })
                      : answer;
                });
    HazelcastWills heir = new HazelcastWills(A, records(losing), () -> true);
    CompletableFuture.allOf(free(heir, B), free(heir, B)).join();
    await(free(heir, B));
    assertThat(inherited).hasSize(1);
    assertThat(await(records.get(1L))).isNull();
  }

  @Test
  void aWillThatMayHaveBeenKeptIsReplacedByTheNext() {
    await(records.putIfAbsent(1L, new WillRecord(A, will(1, "com.lost.answer"))));
    await(here.keep(will(1, "com.one")));
    assertThat(topics(await(here.take(1)))).containsExactly("com.one");
  }

  @Test
  void aRecordThatIsLostIsWrittenAgainUnlessTheSessionIsOver() {
    Will one = will(1, "com.one");
    await(here.keep(one));
    await(here.keep(will(2, "com.two")));
    await(here.take(2));
    await(records.remove(1L, new WillRecord(A, one)));
    here.assertAgain();
    Patience.until("it is there again", () -> await(records.get(1L)) != null);
    assertThat(await(records.get(2L))).isNull();
    assertThat(topics(await(here.take(1)))).containsExactly("com.one");
  }

  @Test
  void aWillWhoseRecordIsLostIsPublishedByItsOwnNode() {
    Will one = will(1, "com.one");
    await(here.keep(one));
    await(records.remove(1L, new WillRecord(A, one)));
    assertThat(await(here.take(1))).isEqualTo(one);
  }

  @Test
  void theOrderIsThatOfTheScopesThenOfTheAdditions() {
    Will will =
        will(1, "com.a")
            .with(testament(Scope.DETACHED, "com.b"))
            .with(testament(Scope.DESTROYED, "com.c"))
            .with(testament(Scope.DETACHED, "com.d"));
    assertThat(will.inOrder().stream().map(each -> each.publish().topic()))
        .containsExactly("com.b", "com.d", "com.a", "com.c");
    await(here.keep(will));
    Will taken = await(here.take(1));
    assertThat(topics(taken)).containsExactly("com.a", "com.b", "com.c", "com.d");
    assertThat(taken.version()).isEqualTo(4);
  }
}
