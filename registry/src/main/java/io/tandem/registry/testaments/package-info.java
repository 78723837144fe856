/** What sessions leave to be published when they end, kept where it outlives their node. */
@NullMarked
package io.tandem.registry.testaments;

import org.jspecify.annotations.NullMarked;
