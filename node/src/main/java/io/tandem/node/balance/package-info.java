/** When a node that has more sessions than others parts with some of them. */
@NullMarked
package io.tandem.node.balance;

import org.jspecify.annotations.NullMarked;
