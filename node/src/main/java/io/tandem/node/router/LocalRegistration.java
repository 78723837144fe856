package io.tandem.node.router;

import io.tandem.registry.Callee;
import io.tandem.registry.Resource;
import org.jspecify.annotations.Nullable;

/**
 * A registration that a session of this lane holds.
 *
 * @param limit of the calls that it takes at once, or null
 * @param isWithdrawn whether the session has given it back and waits for UNREGISTERED
 */
record LocalRegistration(
    long id, Resource resource, Callee callee, @Nullable CallLimit limit, boolean isWithdrawn) {

  LocalRegistration withdrawn() {
    return new LocalRegistration(id, resource, callee, limit, true);
  }
}
