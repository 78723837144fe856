/** Who belongs to the cluster: this node as a member of Hazelcast, and the others. */
@NullMarked
package io.tandem.cluster.membership;

import org.jspecify.annotations.NullMarked;
