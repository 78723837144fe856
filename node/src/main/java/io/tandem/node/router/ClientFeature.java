package io.tandem.node.router;

/** A feature of one role of a client, beside those that {@link ClientFeatures} names itself. */
public enum ClientFeature {
  /** The caller may call in parts (RPC-PCI-02). */
  CALLS_IN_PARTS(ClientRole.CALLER, "progressive_call_invocations"),
  /** The callee takes several INVOCATIONs of one ID (RPC-PCI-15). */
  TAKES_PARTS(ClientRole.CALLEE, "progressive_call_invocations"),
  /** The callee is told what it has lost (RPC-REV-02). */
  REGISTRATIONS_REVOKED(ClientRole.CALLEE, "registration_revocation"),
  /** The subscriber likewise (PS-REV-02). */
  SUBSCRIPTIONS_REVOKED(ClientRole.SUBSCRIBER, "subscription_revocation"),
  /** The callee may give back what it is called for (RPC-RER-01). */
  GIVES_BACK(ClientRole.CALLEE, "call_reroute");

  private final ClientRole role;
  private final String wireName;

  ClientFeature(ClientRole role, String wireName) {
    this.role = role;
    this.wireName = wireName;
  }

  ClientRole role() {
    return role;
  }

  String wireName() {
    return wireName;
  }
}
