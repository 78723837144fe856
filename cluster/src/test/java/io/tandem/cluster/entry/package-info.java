/** Proofs of entries. */
@NullMarked
package io.tandem.cluster.entry;

import org.jspecify.annotations.NullMarked;
