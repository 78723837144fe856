package io.tandem.node.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that must not appear in a log: printing it shows no part of it. */
public record Secret(String value) {

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
