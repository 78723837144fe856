/** The wire between nodes, on sockets of loopback. */
@NullMarked
package io.tandem.cluster.wire.socket;

import org.jspecify.annotations.NullMarked;
