/** Tests of what a node knows of its peers. */
@NullMarked
package io.tandem.cluster.peers;

import org.jspecify.annotations.NullMarked;
