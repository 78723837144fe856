package io.tandem.node.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A value that must not appear in a log: printing it shows no part of it.
 *
 * @param file where it was read from, or null
 */
public record Secret(String value, @Nullable Path file) {

  /** One that was in no file. */
  public Secret(String value) {
    this(value, null);
  }

  /** Compares in a time that does not depend on where the two differ. */
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
