/** Proofs of remembered logins. */
@NullMarked
package io.tandem.registry.logins;

import org.jspecify.annotations.NullMarked;
