/** The conversations of docs/conversations, held with real nodes. */
@NullMarked
package io.tandem.node.conversations;

import org.jspecify.annotations.NullMarked;
