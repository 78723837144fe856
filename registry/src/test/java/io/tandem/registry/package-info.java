/** Proofs of records and routing tables. */
@NullMarked
package io.tandem.registry;

import org.jspecify.annotations.NullMarked;
