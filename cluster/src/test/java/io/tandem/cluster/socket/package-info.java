/** The wire between nodes, on sockets of loopback. */
@NullMarked
package io.tandem.cluster.socket;

import org.jspecify.annotations.NullMarked;
