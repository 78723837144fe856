/** Clients that take what they can get, beside one that is honest. */
@NullMarked
package io.tandem.bench.hostile;

import org.jspecify.annotations.NullMarked;
