/** Connections that carry whole messages, with nothing of WAMP in them. */
@NullMarked
package io.tandem.bench.wire;

import org.jspecify.annotations.NullMarked;
