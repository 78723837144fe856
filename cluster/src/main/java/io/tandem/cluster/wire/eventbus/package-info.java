/**
 * The wire between nodes over the clustered event bus of Vert.x, and what makes it fit for that.
 */
@NullMarked
package io.tandem.cluster.wire.eventbus;

import org.jspecify.annotations.NullMarked;
