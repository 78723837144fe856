package io.tandem.node.config;

import java.nio.file.Path;

/**
 * Where a node tells who came in, who was refused, and what was changed.
 *
 * @param file appended to; its directory has to be there
 */
public record AuditConfig(Path file) {}
