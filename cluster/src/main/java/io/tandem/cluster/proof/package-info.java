/** How the nodes of a cluster prove to each other that they know its secret. */
@NullMarked
package io.tandem.cluster.proof;

import org.jspecify.annotations.NullMarked;
