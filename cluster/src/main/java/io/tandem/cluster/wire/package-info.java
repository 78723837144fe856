/** What all wires between nodes have in common. */
@NullMarked
package io.tandem.cluster.wire;

import org.jspecify.annotations.NullMarked;
