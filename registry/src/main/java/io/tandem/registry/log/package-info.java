/** A node's part of the registry: its one writer and the log that other nodes follow. */
@NullMarked
package io.tandem.registry.log;

import org.jspecify.annotations.NullMarked;
