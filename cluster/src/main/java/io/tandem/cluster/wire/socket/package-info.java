/** The wire between nodes over plain Vert.x sockets. */
@NullMarked
package io.tandem.cluster.wire.socket;

import org.jspecify.annotations.NullMarked;
