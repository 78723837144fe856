package io.tandem.node.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.node.credentials.Hashes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files a configuration was read from, whatever came of it. */
class FilesReadTest {

  @TempDir Path directory;

  private final FilesRead files = new FilesRead();
  private Path file;

  @BeforeEach
  void writeFiles() throws Exception {
    DevelopmentConfigurationTest.writeExampleFiles(directory);
    file = directory.resolve("tandem.yaml");
  }

  @Test
  void everyFileThatIsNamedIsOne() throws Exception {
    String yaml = DevelopmentConfigurationTest.uncommented(directory);
    Files.writeString(file, yaml);
    try {
      Configurations.load(file, files);
    } catch (ConfigurationException partOfItIsInTheEnvironment) {
      // All of it has been looked at.
    }
    assertThat(files.look().isLike(files)).isTrue();
    try (Stream<Path> all = Files.list(directory)) {
      List<Path> named =
          all.filter(Files::isRegularFile)
              .filter(one -> yaml.contains(one.getFileName().toString()))
              .toList();
      assertThat(named).hasSizeGreaterThan(8);
      for (Path one : named) {
        String before = Files.readString(one);
        Files.writeString(one, before + "\n");
        assertThat(files.differing(files.look())).containsExactly(one);
        Files.writeString(one, before);
      }
    }
  }

  @Test
  void filesOfAConfigurationWithProblemsAreKnownToo() throws Exception {
    Files.writeString(
        file, "listeners: [{}]\nmanagement: {metricsToken: {file: absent}}\nrealms: 5\n");
    assertThatThrownBy(() -> Configurations.load(file, files))
        .isInstanceOf(ConfigurationException.class);
    Path absent = directory.resolve("absent");
    Files.writeString(absent, "there now");
    assertThat(files.differing(files.look())).containsExactly(absent);
  }

  @Test
  void fileThatIsNotThereIsKnown() throws Exception {
    assertThatThrownBy(() -> Configurations.load(file, files))
        .hasMessageContaining("there is no such file");
    assertThat(files.look().isLike(files)).isTrue();
    Files.writeString(file, "");
    assertThat(files.differing(files.look())).containsExactly(file);
  }

  @Test
  void fileThatWasWrittenWhileItWasReadIsNeverTheSame() throws Exception {
    Files.writeString(file, "new");
    files.note(file, Hashes.utf8("old"));
    files.read(file);
    assertThat(files.look().isLike(files)).isFalse();
    FilesRead look = files.look();
    assertThat(look.isLike(files.look())).isTrue();
  }
}
