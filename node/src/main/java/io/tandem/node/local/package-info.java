/** Code of the node that speaks WAMP: sessions without a transport. */
@NullMarked
package io.tandem.node.local;

import org.jspecify.annotations.NullMarked;
