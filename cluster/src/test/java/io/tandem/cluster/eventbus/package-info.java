/** The wire between nodes, on real members of this process. */
@NullMarked
package io.tandem.cluster.eventbus;

import org.jspecify.annotations.NullMarked;
