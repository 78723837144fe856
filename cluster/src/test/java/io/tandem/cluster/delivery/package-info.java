/** Proofs of deliveries. */
@NullMarked
package io.tandem.cluster.delivery;

import org.jspecify.annotations.NullMarked;
