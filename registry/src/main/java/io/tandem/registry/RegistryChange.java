package io.tandem.registry;

/**
 * One entry of a node's registry log: what the node wants the other nodes to know. Applying the
 * entries of all nodes in each node's own order builds the routing tables.
 */
public sealed interface RegistryChange {

  /** What the change is about. */
  Resource resource();

  /** The node has somebody interested in the resource now. */
  record InterestGained(Resource resource) implements RegistryChange {}

  /** The node has nobody interested in the resource any more. */
  record InterestLost(Resource resource) implements RegistryChange {}

  /** A callee of the node joined a registration. */
  record CalleeAdded(Resource resource, long registration, InvocationPolicy policy, Callee callee)
      implements RegistryChange {}

  /** A callee of the node left a registration. */
  record CalleeRemoved(Resource resource, long registration, Callee callee)
      implements RegistryChange {}
}
