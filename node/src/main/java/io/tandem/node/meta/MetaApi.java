package io.tandem.node.meta;

import io.tandem.node.router.Lane;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The meta API of a node: each lane serves its own clients, in every realm. Any thread. */
public final class MetaApi {

  private final List<SessionMeta> sessions;

  private MetaApi(List<SessionMeta> sessions) {
    this.sessions = sessions;
  }

  /** Begins to serve on all lanes; completes when they do. Before that no client may come. */
  public static CompletionStage<MetaApi> open(List<Lane> lanes) {
    RollCall rollCall = new RollCall(lanes.get(0).router().sessions());
    List<CompletableFuture<SessionMeta>> opening =
        lanes.stream()
            .flatMap(
                lane ->
                    lane.realms().stream().map(realm -> SessionMeta.open(lane, realm, rollCall)))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    return all(opening.stream())
        .thenApply(open -> new MetaApi(opening.stream().map(CompletableFuture::join).toList()));
  }

  /** Says what is left to be said, and ends; completes when that is done. */
  public CompletionStage<@Nullable Void> close() {
    return all(sessions.stream().map(each -> each.close().toCompletableFuture()));
  }

  private static CompletableFuture<@Nullable Void> all(
      Stream<? extends CompletableFuture<?>> each) {
    return CompletableFuture.allOf(each.toArray(CompletableFuture<?>[]::new));
  }
}
