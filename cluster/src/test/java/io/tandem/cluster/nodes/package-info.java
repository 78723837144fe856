/** Tests of what a node knows of the other nodes. */
@NullMarked
package io.tandem.cluster.nodes;

import org.jspecify.annotations.NullMarked;
