package io.tandem.node.router;

import io.tandem.registry.Callee;
import io.tandem.registry.Resource;

/**
 * A registration that a session of this lane holds.
 *
 * @param isWithdrawn whether the session has given it back and waits for UNREGISTERED
 */
record LocalRegistration(long id, Resource resource, Callee callee, boolean isWithdrawn) {

  LocalRegistration withdrawn() {
    return new LocalRegistration(id, resource, callee, true);
  }
}
