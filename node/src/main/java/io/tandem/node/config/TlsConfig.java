package io.tandem.node.config;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a listener; files in PEM form that were readable when the configuration was read. Relative
 * paths start at the configuration file's directory.
 *
 * @param certificate the certificate, followed by its chain
 * @param key its private key, not encrypted
 * @param byName other certificates for clients that ask for a name (SNI), instead of the first
 * @param clientCa the authorities whose client certificates are asked for, or null to ask for none
 * @param clients what becomes of a client without a certificate, {@link Clients#REQUIRED} unless
 *     configured; means nothing without {@code clientCa}
 * @param contents a digest of the files, by which a renewed certificate is told from the old one
 * @param end when the first of the certificates ends that clients are shown, as it was in the files
 *     then; null where they have none that can be read
 */
public record TlsConfig(
    Path certificate,
    Path key,
    List<Named> byName,
    @Nullable Path clientCa,
    Clients clients,
    String contents,
    @Nullable Instant end) {

  /**
   * A certificate for some names.
   *
   * @param names in lower case; one that begins with {@code *.} stands for all with one label more
   */
  public record Named(Set<String> names, Path certificate, Path key) {}

  public TlsConfig {
    byName = List.copyOf(byName);
  }

  /**
   * Whether clients have to have a certificate. One that is not verified is refused in any case.
   */
  public enum Clients {
    REQUIRED,
    OPTIONAL
  }
}
