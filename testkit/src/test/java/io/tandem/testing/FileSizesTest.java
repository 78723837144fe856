package io.tandem.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What grows beyond a size has a second noun in it. */
class FileSizesTest {

  private static final int MOST_LINES = 400;

  @Test
  void noFileHasMoreThan400Lines() throws IOException {
    List<String> longer;
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      longer =
          modules
              .map(module -> module.resolve("src"))
              .filter(Files::isDirectory)
              .flatMap(FileSizesTest::sources)
              .filter(file -> lines(file) > MOST_LINES)
              .map(file -> file.getFileName().toString())
              .toList();
    }
    assertThat(longer).as("files of more than %d lines", MOST_LINES).isEmpty();
  }

  private static Stream<Path> sources(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
