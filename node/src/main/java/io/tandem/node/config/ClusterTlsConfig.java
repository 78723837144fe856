package io.tandem.node.config;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * TLS between the nodes of a cluster; files in PEM form that were readable when the configuration
 * was read. Relative paths start at the configuration file's directory.
 *
 * @param certificate what this node shows to the others, followed by its chain
 * @param key its private key, not encrypted
 * @param ca the authorities whose nodes are believed
 * @param contents a digest of the files, by which a renewed certificate is told from the old one
 * @param end when the node's certificate ends, or one of its chain before; null where it cannot be
 *     read
 */
public record ClusterTlsConfig(
    Path certificate, Path key, Path ca, String contents, @Nullable Instant end) {}
