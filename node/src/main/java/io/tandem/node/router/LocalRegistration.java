package io.tandem.node.router;

import io.tandem.registry.Callee;
import io.tandem.registry.Resource;

/** A registration that a session of this lane holds. */
record LocalRegistration(long id, Resource resource, Callee callee) {}
