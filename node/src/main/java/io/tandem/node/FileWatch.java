package io.tandem.node;

import io.tandem.node.config.FilesRead;
import io.tandem.node.config.ReloadConfig;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every while whether the files that a configuration was read from hold something else now,
 * and has it read again when they do. It reads them instead of asking the system to be told: a
 * mounted directory whose link is turned to another one, a file that is moved over an old one and a
 * network's file system are all the same to it (decision 43). What differs counts when two looks in
 * a row find the same, since somebody may be writing. Whatever comes of a reading, those files are
 * read again only when they have changed again.
 *
 * <p>A thread of its own looks, as a file may be slow. Any thread may start and stop it.
 */
final class FileWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

  private final Supplier<@Nullable FilesRead> known;
  private final Function<List<Path>, Future<?>> reread;

  private ReloadConfig config = ReloadConfig.DEFAULT;
  private @Nullable ScheduledExecutorService thread;
  private @Nullable ScheduledFuture<?> looks;
  private boolean closed;

  /** What the look before has found, when that was something new. The thread's own. */
  private @Nullable FilesRead latest;

  /** Likewise. */
  private Future<?> rereading = Future.succeededFuture();

  /**
   * @param known what the latest reading of the configuration found; null for one without files
   * @param reread has it read again, since these files have changed
   */
  FileWatch(Supplier<@Nullable FilesRead> known, Function<List<Path>, Future<?>> reread) {
    this.known = known;
    this.reread = reread;
  }

  /** Looks as often as is configured from now on, or not any more. */
  synchronized void follow(ReloadConfig changed) {
    if (closed || changed.equals(config)) {
      return;
    }
    config = changed;
    if (looks != null) {
      looks.cancel(false);
    }
    if (changed.watch()) {
      long nanos = changed.interval().toNanos();
      looks = thread().scheduleWithFixedDelay(this::lookOrSay, nanos, nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** The same for all looks, so that there is one at a time. */
  private ScheduledExecutorService thread() {
    if (thread == null) {
      thread =
          Executors.newSingleThreadScheduledExecutor(
              looks -> {
                Thread fresh = new Thread(looks, "tandem-watch");
                fresh.setDaemon(true);
                return fresh;
              });
    }
    return thread;
  }

  /** Never looks again. */
  @Override
  public synchronized void close() {
    closed = true;
    if (thread != null) {
      thread.shutdown(); // with what is still to come
    }
  }

  private void lookOrSay() {
    try {
      look();
    } catch (RuntimeException broken) { // which would be the last look otherwise
      LOG.warn("cannot look whether the configuration has changed", broken);
    }
  }

  /** One look; one at a time. */
  void look() {
    FilesRead read = known.get();
    if (read == null || !rereading.isComplete()) {
      return;
    }
    FilesRead now = read.look();
    if (now.isLike(read)) {
      latest = null;
    } else if (now.isLike(latest)) {
      latest = null;
      rereading = reread.apply(read.differing(now));
    } else {
      latest = now;
    }
  }
}
