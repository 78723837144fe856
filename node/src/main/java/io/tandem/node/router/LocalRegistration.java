package io.tandem.node.router;

import io.tandem.protocol.message.Keys;
import io.tandem.protocol.message.Options;
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

  /** Tells who collects traces, if anybody does, that the callee is invoked; null for nobody. */
  @Nullable TracedStep trace(@Nullable Tracing tracing, Session who, Options details) {
    return tracing == null
        ? null
        : tracing.continued(
            Tracing.Step.INVOCATION,
            resource.realm(),
            details.get(Keys.PROCEDURE, resource.uri()),
            who.id(),
            details);
  }
}
