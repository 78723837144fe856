package io.tandem.node.router;

import io.tandem.node.audit.AuditLog;
import org.jspecify.annotations.Nullable;

/**
 * Whom a node tells what it does. Any thread.
 *
 * @param audit is told of what it admits
 * @param tracing is told what becomes of calls and publications; null for nobody
 */
public record Accounts(AuditLog audit, @Nullable Tracing tracing) implements AutoCloseable {

  static final Accounts NONE = new Accounts(AuditLog.NONE, null);

  /** Tells what waits to be told, and nothing more. Blocks for 4 s at most. */
  @Override
  public void close() {
    audit.close();
    if (tracing != null) {
      tracing.close();
    }
  }
}
