/** The meta API: what the router tells of itself by procedures and events under {@code wamp.}. */
@NullMarked
package io.tandem.node.meta;

import org.jspecify.annotations.NullMarked;
