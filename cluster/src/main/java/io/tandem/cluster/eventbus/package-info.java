/** The wire between nodes on the clustered event bus of Vert.x. */
@NullMarked
package io.tandem.cluster.eventbus;

import org.jspecify.annotations.NullMarked;
