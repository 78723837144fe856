package io.tandem.node.meta;

import io.tandem.node.router.Lane;
import io.tandem.node.router.RealmSettings;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The meta API of a node: each lane serves its own clients, in every realm. Any thread. */
public final class MetaApi {

  private final List<Lane> lanes;
  private final Surveys surveys;
  private final List<SessionMeta> sessions = new CopyOnWriteArrayList<>();

  private MetaApi(List<Lane> lanes) {
    this.lanes = List.copyOf(lanes);
    this.surveys = Surveys.of(lanes.get(0).router());
  }

  /** Begins to serve on all lanes; completes when they do. Before that no client may come. */
  public static CompletionStage<MetaApi> open(List<Lane> lanes) {
    MetaApi api = new MetaApi(lanes);
    return api.serve(lanes.get(0).router().realms().stream().map(RealmSettings::name).toList())
        .thenApply(open -> api);
  }

  /** Begins to serve these realms too; completes when all lanes do. */
  public CompletionStage<?> serve(Collection<String> realms) {
    return all(
        lanes.stream()
            .flatMap(
                lane ->
                    realms.stream()
                        .map(realm -> SessionMeta.open(lane, lanes.size(), realm, surveys)))
            .map(opening -> opening.thenAccept(sessions::add)));
  }

  /** Ends in these realms, when what is left to be said is said. */
  public CompletionStage<?> withdraw(Collection<String> realms) {
    Set<String> names = new HashSet<>(realms);
    List<SessionMeta> over =
        sessions.stream().filter(each -> names.contains(each.realm())).toList();
    sessions.removeAll(over);
    return all(over.stream().map(SessionMeta::close));
  }

  /** Says what is left to be said, and ends; completes when that is done. */
  public CompletionStage<@Nullable Void> close() {
    return all(sessions.stream().map(SessionMeta::close));
  }

  private static CompletableFuture<@Nullable Void> all(Stream<? extends CompletionStage<?>> each) {
    return CompletableFuture.allOf(
        each.map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new));
  }
}
