/** A cluster of node processes on this machine, put under load while something happens to it. */
@NullMarked
package io.tandem.bench.cluster;

import org.jspecify.annotations.NullMarked;
