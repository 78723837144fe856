package io.tandem.node.config;

import io.tandem.node.credentials.Hashes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/**
 * What a configuration refers to outside its file.
 *
 * @param directory where relative paths start
 * @param environment the value of an environment variable, or null
 * @param files is told of each file that is looked into
 */
record Surroundings(
    Path directory, Function<String, @Nullable String> environment, FilesRead files) {

  /** Of a reading after which nobody asks which files it was. */
  Surroundings(Path directory, Function<String, @Nullable String> environment) {
    this(directory, environment, new FilesRead());
  }

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", Pattern.DOTALL);

  /** A file with at least one certificate. */
  Type<Path> certificates() {
    return pem("CERTIFICATE", "a CERTIFICATE");
  }

  /** A file with a private key that can be used without a password. */
  Type<Path> privateKey() {
    return pem("PRIVATE KEY", "a PRIVATE KEY, not encrypted");
  }

  private Type<Path> pem(String label, String expected) {
    return Type.path(
        "the path of a readable PEM file with " + expected,
        directory,
        path -> {
          String content = content(path);
          return content != null
              && content.contains(label + "-----")
              && !content.contains("ENCRYPTED");
        });
  }

  /**
   * Reads a secret. Never in the configuration itself: that file is printed, copied and committed.
   *
   * @param minLength in characters, the white space around it left out
   */
  Secret secret(Section section, int minLength) {
    Map<Path, String> read = new HashMap<>(); // once: it may be written just now
    String enough = " with at least " + minLength + " characters";
    Path file =
        section.optional(
            "file",
            Type.path(
                "the path of a readable file" + enough,
                directory,
                path -> isLong(read.computeIfAbsent(path, this::content), minLength)));
    String variable =
        section.optional(
            "env",
            Type.text(
                "the name of an environment variable" + enough,
                name -> isLong(environment.apply(name), minLength)));
    section.check(
        section.has("file") != section.has("env"), "file", "exactly one of file and env is needed");
    String secret =
        file != null ? read.get(file) : variable != null ? environment.apply(variable) : null;
    return new Secret(secret == null ? "" : secret.strip(), file);
  }

  /** What {@code file} or {@code env}, the only key of a mapping, refers to; null for nothing. */
  @Nullable Secret reference(@Nullable MappingNode mapping) {
    if (mapping == null
        || mapping.getValue().size() != 1
        || !(mapping.getValue().get(0).getKeyNode() instanceof ScalarNode key)
        || !(mapping.getValue().get(0).getValueNode() instanceof ScalarNode to)) {
      return null;
    }
    String name = to.getValue();
    boolean isFile = key.getValue().equals("file") && !name.isEmpty() && name.indexOf('\0') < 0;
    Path file = isFile ? directory.resolve(name) : null;
    String secret =
        file != null
            ? content(file)
            : key.getValue().equals("env") ? environment.apply(name) : null;
    return isLong(secret, 1) ? new Secret(Objects.requireNonNull(secret).strip(), file) : null;
  }

  private static boolean isLong(@Nullable String text, int minLength) {
    return text != null && text.strip().length() >= minLength;
  }

  /** A short name for what these files hold; of one that cannot be read nothing is in it. */
  String digest(List<Path> some) {
    String all =
        some.stream()
            .map(file -> Objects.requireNonNullElse(content(file), ""))
            .collect(Collectors.joining("\0"));
    return HexFormat.of().formatHex(Hashes.sha256(Hashes.utf8(all)));
  }

  /** When the first of the certificates in these files ends; null where there is none to read. */
  @Nullable Instant end(List<Path> files) {
    return files.stream()
        .map(this::content)
        .filter(Objects::nonNull)
        .flatMap(content -> PEM.matcher(content).results())
        .map(MatchResult::group)
        .map(Surroundings::certificate)
        .filter(Objects::nonNull)
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElse(null);
  }

  private static @Nullable X509Certificate certificate(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Hashes.utf8(pem)));
    } catch (CertificateException unreadable) { // whoever uses it will say so
      return null;
    }
  }

  /** Whether every user of this machine may read the file; false where nobody can tell. */
  static boolean isOpenToAll(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  /** The beginning of a file as text, or null when it cannot be read. */
  @Nullable String content(Path path) {
    byte[] octets = files.read(path);
    return octets == null ? null : new String(octets, StandardCharsets.UTF_8);
  }
}
