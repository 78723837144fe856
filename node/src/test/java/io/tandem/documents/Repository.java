package io.tandem.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The files of the checkout that this module stands in, without what builds leave behind. */
final class Repository {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final Set<String> NOT_OURS =
      Set.of(".git", "target", "node_modules", ".venv", ".idea");

  private Repository() {}

  /** All files with one of these endings. */
  static List<Path> files(String... endings) {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes known) {
              return NOT_OURS.contains(directory.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes known) {
              if (List.of(endings).stream().anyMatch(file.toString()::endsWith)) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of a document that are no program code, by their number, from 1. */
  static Map<Integer, String> prose(Path document) {
    Map<Integer, String> prose = new TreeMap<>();
    boolean code = false;
    int number = 0;
    for (String line : lines(document)) {
      number++;
      if (line.stripLeading().startsWith("```")) {
        code = !code;
      } else if (!code) {
        prose.put(number, line);
      }
    }
    return prose;
  }

  /** The file as a reader of a failure looks for it. */
  static String name(Path file) {
    return ROOT.relativize(file).toString();
  }
}
