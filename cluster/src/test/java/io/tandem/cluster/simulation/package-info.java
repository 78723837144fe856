/** A virtual clock and a virtual network, for the simulations of this module and of the node. */
@NullMarked
package io.tandem.cluster.simulation;

import org.jspecify.annotations.NullMarked;
