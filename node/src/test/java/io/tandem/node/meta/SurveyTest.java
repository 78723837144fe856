package io.tandem.node.meta;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Resource;
import io.tandem.testing.Patience;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lists that are made of one look at all records. */
class SurveyTest {

  private static final Resource ONE = new Resource("realm1", MatchPolicy.EXACT, "com.one");
  private static final Resource ALL = new Resource("realm1", MatchPolicy.PREFIX, "com.");
  private static final Resource OTHER = new Resource("realm2", MatchPolicy.EXACT, "com.one");

  /** Looks that have begun, each with what ends it. */
  private final Queue<CompletableFuture<?>> looks = new ConcurrentLinkedQueue<>();

  private final Survey<Long> survey =
      new Survey<>(
          new Survey.Source<>() {
            @Override
            public CompletionStage<@Nullable Long> read(Resource resource) {
              return CompletableFuture.completedFuture(1L);
            }

            @Override
            public CompletionStage<?> forEach(BiConsumer<Resource, Long> visitor) {
              visitor.accept(ONE, 1L);
              visitor.accept(ALL, 2L);
              visitor.accept(OTHER, 3L);
              CompletableFuture<?> look = new CompletableFuture<>();
              looks.add(look);
              return look;
            }

            @Override
            public long id(Long record) {
              return record;
            }
          });

  private void endLook() {
    looks.remove().complete(null);
  }

  @Test
  void listHasTheIdsOfTheRealmByMatch() {
    CompletionStage<Payload> list = survey.list("realm1");
    endLook();
    assertThat(Patience.join(list).args())
        .isEqualTo(
            List.of(Map.of("exact", List.of(1L), "prefix", List.of(2L), "wildcard", List.of())));
  }

  @Test
  void allWhoShareALookShareTheOctetsOfTheList() {
    CompletionStage<Payload> first = survey.list("realm1");
    CompletionStage<Payload> second = survey.list("realm1");
    CompletionStage<Payload> third = survey.list("realm1");
    CompletionStage<Payload> elsewhere = survey.list("realm2");
    assertThat(looks).as("one at a time").hasSize(1);
    endLook();
    endLook();
    assertThat(looks).isEmpty();
    assertThat(Patience.join(second))
        .isSameAs(Patience.join(third))
        .isNotSameAs(Patience.join(first));
    assertThat(Patience.join(elsewhere).args())
        .isEqualTo(
            List.of(Map.of("exact", List.of(3L), "prefix", List.of(), "wildcard", List.of())));
  }
}
