/** The ports of the cluster on an embedded Hazelcast: shared records, IDs and membership. */
@NullMarked
package io.tandem.cluster.hazelcast;

import org.jspecify.annotations.NullMarked;
