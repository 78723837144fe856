/** Proofs of the shared record. */
@NullMarked
package io.tandem.registry.record;

import org.jspecify.annotations.NullMarked;
