/** Proofs of the record of publications. */
@NullMarked
package io.tandem.registry.kept;

import org.jspecify.annotations.NullMarked;
