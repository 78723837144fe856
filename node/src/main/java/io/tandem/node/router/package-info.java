/** Broker and dealer, lane by lane: what a router decides, without a socket, thread or clock. */
@NullMarked
package io.tandem.node.router;

import org.jspecify.annotations.NullMarked;
