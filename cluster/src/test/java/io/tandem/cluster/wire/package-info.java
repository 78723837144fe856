/** What every wire between nodes has to do. */
@NullMarked
package io.tandem.cluster.wire;

import org.jspecify.annotations.NullMarked;
