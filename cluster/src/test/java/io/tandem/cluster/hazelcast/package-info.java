/** Real members on loopback, and the formats that they share. */
@NullMarked
package io.tandem.cluster.hazelcast;

import org.jspecify.annotations.NullMarked;
