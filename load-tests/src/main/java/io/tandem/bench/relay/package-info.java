/** The raw relay: the same frames on bare Vert.x, the measure for a router. */
@NullMarked
package io.tandem.bench.relay;

import org.jspecify.annotations.NullMarked;
