/** The wire between nodes over plain Vert.x sockets. */
@NullMarked
package io.tandem.cluster.socket;

import org.jspecify.annotations.NullMarked;
