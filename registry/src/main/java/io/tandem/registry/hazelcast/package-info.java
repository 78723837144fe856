/** The shared record and its IDs in the maps of Hazelcast, and the octets that stand there. */
@NullMarked
package io.tandem.registry.hazelcast;

import org.jspecify.annotations.NullMarked;
