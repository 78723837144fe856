/** Proofs of the record in Hazelcast, with real members. */
@NullMarked
package io.tandem.registry.hazelcast;

import org.jspecify.annotations.NullMarked;
