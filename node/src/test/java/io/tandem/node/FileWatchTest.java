package io.tandem.node;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.node.config.ConfigurationException;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.FilesRead;
import io.tandem.node.config.ReloadConfig;
import io.tandem.testing.Patience;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which changes of files have a configuration read again, look by look. */
class FileWatchTest {

  private static final String CONFIGURATION =
      """
      listeners: [{}]
      management: {metricsToken: {file: token}}
      realms: [{name: realm1}]
      """;

  @TempDir Path directory;

  private Path file;
  private Path token;
  private FilesRead known;

  /** Each time that they were read again, which had changed. */
  private final List<List<Path>> changes = new ArrayList<>();

  private Future<?> rereading = Future.succeededFuture();
  private FileWatch watch;

  @BeforeEach
  void start() throws Exception {
    file = directory.resolve("tandem.yaml");
    token = Files.writeString(directory.resolve("token"), "a token of some length");
    Files.writeString(file, CONFIGURATION);
    read();
    watch =
        new FileWatch(
            () -> known,
            files -> {
              changes.add(files);
              read();
              return rereading;
            });
  }

  private void read() {
    known = new FilesRead();
    try {
      Configurations.load(file, known);
    } catch (ConfigurationException wrong) {
      // What was looked into is known all the same.
    }
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      watch.look();
    }
  }

  @Test
  void filesThatStayAreNotReadAgain() {
    look(5);
    assertThat(changes).isEmpty();
  }

  @Test
  void changeCountsWhenTwoLooksFindTheSame() throws Exception {
    Files.writeString(file, CONFIGURATION + "lanes: 2\n");
    look(1);
    assertThat(changes).isEmpty();
    look(1);
    assertThat(changes).containsExactly(List.of(file));
    look(5);
    assertThat(changes).hasSize(1);
  }

  @Test
  void fileThatIsBeingWrittenIsLeftAlone() throws Exception {
    Files.writeString(file, CONFIGURATION + "lan");
    look(1);
    Files.writeString(file, CONFIGURATION + "lanes: 2\n");
    look(1);
    assertThat(changes).isEmpty();
    look(1);
    assertThat(changes).hasSize(1);
  }

  @Test
  void changeThatIsTakenBackIsNone() throws Exception {
    Files.writeString(file, "");
    look(1);
    Files.writeString(file, CONFIGURATION);
    look(1);
    Files.writeString(file, "");
    look(1);
    Files.writeString(file, CONFIGURATION);
    look(2);
    assertThat(changes).isEmpty();
  }

  @Test
  void fileThatIsNamedIsLookedAtToo() throws Exception {
    Files.writeString(token, "another token of some length");
    look(2);
    assertThat(changes).containsExactly(List.of(token));
  }

  @Test
  void fileThatIsMovedOverTheOldOneIsSeen() throws Exception {
    Path other = Files.writeString(directory.resolve(".tandem.yaml.swp"), CONFIGURATION + "#\n");
    Files.move(other, file, ATOMIC_MOVE, REPLACE_EXISTING);
    look(2);
    assertThat(changes).containsExactly(List.of(file));
  }

  /** As Kubernetes mounts a ConfigMap and renews it. */
  @Test
  void linkThatIsTurnedToAnotherDirectoryIsSeen() throws Exception {
    Path first = Files.createDirectory(directory.resolve("..1"));
    Files.move(file, first.resolve("tandem.yaml"));
    Files.move(token, first.resolve("token"));
    Path data = Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(file, Path.of("..data/tandem.yaml"));
    Files.createSymbolicLink(token, Path.of("..data/token"));
    look(3);
    assertThat(changes).isEmpty();

    Path second = Files.createDirectory(directory.resolve("..2"));
    Files.writeString(second.resolve("tandem.yaml"), CONFIGURATION);
    Files.writeString(second.resolve("token"), "another token of some length");
    Path turned = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2"));
    Files.move(turned, data, ATOMIC_MOVE, REPLACE_EXISTING);
    look(2);
    assertThat(changes).containsExactly(List.of(token));
  }

  @Test
  void fileThatIsGoneIsToldOnceAndSeenWhenItIsBack() throws Exception {
    Files.delete(file);
    look(5);
    assertThat(changes).containsExactly(List.of(file));
    Files.writeString(file, CONFIGURATION);
    look(5);
    assertThat(changes).containsExactly(List.of(file), List.of(file));
    Files.delete(token);
    look(5);
    assertThat(changes).hasSize(3).last().isEqualTo(List.of(token));
  }

  @Test
  void badFileIsReadOnce() throws Exception {
    Files.writeString(file, "realms: 5");
    look(9);
    assertThat(changes).hasSize(1);
    Files.writeString(file, CONFIGURATION);
    look(2);
    assertThat(changes).hasSize(2);
  }

  @Test
  void filesOfAReadingThatFailedAreKnown() throws Exception {
    ConfigFile source =
        new ConfigFile(
            read -> Configurations.load(file, read), known, new Console(System.out, System.err));
    Files.writeString(file, "realms: 5");
    assertThatThrownBy(source::read).isInstanceOf(ConfigurationException.class);
    assertThat(source.files().isLike(known)).isFalse();
    assertThat(source.files().look().isLike(source.files())).isTrue();
  }

  @Test
  void whatWasReadForAnotherReasonIsNotReadAgain() throws Exception {
    Files.writeString(file, CONFIGURATION + "lanes: 2\n");
    look(1);
    read();
    look(5);
    assertThat(changes).isEmpty();
  }

  @Test
  void nothingIsAskedWhileItIsReadAgain() throws Exception {
    Promise<Void> slow = Promise.promise();
    rereading = slow.future();
    Files.writeString(file, "");
    look(2);
    Files.writeString(file, CONFIGURATION);
    look(5);
    assertThat(changes).hasSize(1);
    slow.complete();
    look(2);
    assertThat(changes).hasSize(2);
  }

  @Test
  void itLooksAsOftenAsIsConfiguredUntilItIsClosed() {
    AtomicInteger looks = new AtomicInteger();
    FileWatch timed =
        new FileWatch(
            () -> {
              if (looks.incrementAndGet() == 2) {
                throw new IllegalStateException("broken once");
              }
              return null;
            },
            files -> Future.succeededFuture());
    timed.follow(new ReloadConfig(true, Duration.ofMillis(1)));
    Patience.until("it looks again after a failure", () -> looks.get() > 5);
    timed.close();
    Patience.until(
        "its thread is gone",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("tandem-watch")));
  }
}
