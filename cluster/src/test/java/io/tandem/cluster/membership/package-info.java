/** Proofs of the membership, with real members. */
@NullMarked
package io.tandem.cluster.membership;

import org.jspecify.annotations.NullMarked;
