package io.tandem.node;

import io.tandem.node.audit.AuditLog;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.router.Accounts;
import io.tandem.node.tracing.Spans;

/** Whom a node tells what it does, by its configuration. */
final class Told {

  private Told() {}

  /**
   * Begins to tell them.
   *
   * @param node the node's name
   */
  static Accounts by(NodeConfig config, String node) {
    return new Accounts(AuditLog.of(config.auditFile(), node), Spans.of(config.tracing(), node));
  }
}
