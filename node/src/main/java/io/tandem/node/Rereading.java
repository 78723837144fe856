package io.tandem.node;

import io.tandem.cluster.link.ReloadOutcome;
import io.tandem.cluster.link.ReloadResult;
import io.tandem.node.config.ConfigChange;
import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.config.Problem;
import io.tandem.node.config.ReloadConfig;
import io.tandem.registry.SharedTurn;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node that reads its configuration again, whoever asks: a signal, another node, or files that
 * have changed. Once at a time; those who ask meanwhile share the next. Any thread.
 */
final class Rereading {

  private final Node node;
  private final @Nullable ConfigSource source;
  private final SharedTurn<Boolean, ReloadResult> turn =
      SharedTurn.of(() -> begin().toCompletionStage());

  private final FileWatch watch;

  /**
   * @param source null for a node that has nothing to read again
   */
  Rereading(Node node, @Nullable ConfigSource source) {
    this.node = node;
    this.source = source;
    this.watch = new FileWatch(() -> source == null ? null : source.files(), this::changed);
  }

  /** Looks after the files as often as is configured, until the node's end. */
  void watch(ReloadConfig config) {
    watch.follow(config);
  }

  /** Looks after no files any more. */
  void stop() {
    watch.close();
  }

  private Future<ReloadResult> changed(List<Path> files) {
    Objects.requireNonNull(source).changed(files);
    return ask()
        .onSuccess(
            result ->
                node.audit()
                    .tell(
                        "reload asked",
                        "files",
                        files.stream().map(Path::toString).toList(),
                        "outcome",
                        result.outcome().words()));
  }

  /** Completes with what came of it; never fails. */
  Future<ReloadResult> ask() {
    return Future.fromCompletionStage(turn.ask());
  }

  private Future<ReloadResult> begin() {
    ConfigSource from = source;
    if (from == null) {
      return Future.succeededFuture(
          new ReloadResult(ReloadOutcome.NO_FILE, node.configuration(), List.of()));
    }
    return read(from)
        .compose(
            fresh ->
                node.reload(fresh)
                    .map(
                        change -> {
                          from.taken(fresh, change);
                          return result(change);
                        }))
        .otherwise(
            failure -> {
              from.refused(failure);
              return new ReloadResult(
                  ReloadOutcome.REFUSED, node.configuration(), reasons(failure));
            });
  }

  /** On a thread of its own: a file may be slow. */
  private static Future<NodeConfig> read(ConfigSource source) {
    Promise<NodeConfig> read = Promise.promise();
    Thread reader =
        new Thread(
            () -> {
              NodeConfig fresh;
              try {
                fresh = source.read();
              } catch (ConfigurationException | RuntimeException failure) {
                read.fail(failure);
                return;
              }
              read.complete(fresh);
            },
            "tandem-reload");
    reader.setDaemon(true);
    reader.start();
    return read.future();
  }

  private ReloadResult result(ConfigChange change) {
    if (!change.restart().isEmpty()) {
      return new ReloadResult(
          ReloadOutcome.REFUSED,
          node.configuration(),
          change.restart().stream().map(key -> "a new start is needed for " + key).toList());
    }
    return new ReloadResult(
        change.live().isEmpty() ? ReloadOutcome.UNCHANGED : ReloadOutcome.CHANGED,
        node.configuration(),
        change.live().stream().map(ConfigChange.Item::toString).toList());
  }

  private static List<String> reasons(Throwable failure) {
    if (failure instanceof ConfigurationException wrong) {
      return wrong.problems().stream().map(Problem::toString).toList();
    } else if (failure instanceof IllegalArgumentException senseless) {
      return List.of(String.valueOf(senseless.getMessage()));
    }
    return List.of(NodeException.reason(failure));
  }
}
