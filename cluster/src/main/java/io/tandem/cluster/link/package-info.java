/** Links between nodes in plain Java: items, frames, streams, credit and epochs over a port. */
@NullMarked
package io.tandem.cluster.link;

import org.jspecify.annotations.NullMarked;
