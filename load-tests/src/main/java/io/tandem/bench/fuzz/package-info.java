/** Conversations that were valid before they were changed by chance, beside an honest client. */
@NullMarked
package io.tandem.bench.fuzz;

import org.jspecify.annotations.NullMarked;
