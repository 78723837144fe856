/** Proofs of the bench command. */
@NullMarked
package io.tandem.bench.cli;

import org.jspecify.annotations.NullMarked;
