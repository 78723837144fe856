/** Proofs of the writer and its log. */
@NullMarked
package io.tandem.registry.log;

import org.jspecify.annotations.NullMarked;
