package io.tandem.node.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.snakeyaml.engine.v2.nodes.Node;

/** Where configurations come from: a file, a text, or the one built in. All go the same way. */
public final class Configurations {

  /** A longer file is refused unread. */
  static final int MAX_FILE_SIZE = 1 << 20;

  private static final String EMBEDDED = "development.yaml";

  private Configurations() {}

  /**
   * Reads a file: UTF-8, at most 1 MiB. Relative paths in it start at its directory.
   *
   * @throws ConfigurationException with every problem found
   */
  public static NodeConfig load(Path file) throws ConfigurationException {
    return load(file, new FilesRead());
  }

  /**
   * The same.
   *
   * @param files is told of all files that are looked into, whatever comes of it
   */
  public static NodeConfig load(Path file, FilesRead files) throws ConfigurationException {
    Path directory =
        Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file.toAbsolutePath());
    Reading reading = new Reading(file.toString());
    return read(
        reading, text(reading, file, files), new Surroundings(directory, System::getenv, files));
  }

  /**
   * Reads a text. Relative paths in it start at the working directory.
   *
   * @param name stands for the file in problems
   * @throws ConfigurationException with every problem found
   */
  public static NodeConfig parse(String name, String yaml) throws ConfigurationException {
    return read(new Reading(name), yaml, new Surroundings(Path.of(""), System::getenv));
  }

  /**
   * The development configuration: realm {@code realm1} where anonymous clients may do everything,
   * on 127.0.0.1:8080 with the page to try it, management on 127.0.0.1:9080.
   */
  public static NodeConfig embedded() {
    try {
      return parse(EMBEDDED, embeddedText());
    } catch (ConfigurationException e) {
      throw new AssertionError("the built-in configuration has problems", e);
    }
  }

  /** The commented YAML that {@link #embedded()} is read from, ready to be written and edited. */
  public static String embeddedText() {
    try (InputStream in = Configurations.class.getResourceAsStream("/config/" + EMBEDDED)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static NodeConfig read(Reading reading, String yaml, Surroundings surroundings)
      throws ConfigurationException {
    Node root = new Document(reading, yaml).root();
    NodeConfig config =
        root == null ? null : Section.root(reading, root, new NodeReader(surroundings)::node);
    reading.throwProblems();
    return Objects.requireNonNull(config, "neither configuration nor problem");
  }

  private static String text(Reading reading, Path file, FilesRead files)
      throws ConfigurationException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // Opening a pipe waits for somebody who writes into it, for ever perhaps.
      files.note(file, null);
      throw unreadable(reading, 0, "cannot be read: it is no regular file");
    }
    byte[] bytes = null;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(FilesRead.MOST);
    } catch (NoSuchFileException e) {
      throw unreadable(reading, 0, "there is no such file");
    } catch (IOException e) {
      throw unreadable(reading, 0, "cannot be read: " + e.getMessage());
    } finally {
      files.note(file, bytes);
    }
    if (bytes.length > MAX_FILE_SIZE) {
      throw unreadable(reading, 0, "is larger than 1 MiB");
    }
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true);
    text.flip();
    if (result.isError()) {
      throw unreadable(
          reading, (int) text.chars().filter(c -> c == '\n').count(), "is not UTF-8 here");
    }
    return text.toString();
  }

  private static ConfigurationException unreadable(Reading reading, int line, String message) {
    reading.problem(line, 0, "", message);
    return reading.toException();
  }
}
