/** A router node: what puts the parts together and runs them. */
@NullMarked
package io.tandem.node;

import org.jspecify.annotations.NullMarked;
