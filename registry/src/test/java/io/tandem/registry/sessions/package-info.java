/** Proofs of session IDs. */
@NullMarked
package io.tandem.registry.sessions;

import org.jspecify.annotations.NullMarked;
