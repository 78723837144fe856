/** Proofs of how nodes agree. */
@NullMarked
package io.tandem.cluster;

import org.jspecify.annotations.NullMarked;
