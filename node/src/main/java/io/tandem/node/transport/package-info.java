/** Channels under the sessions: WebSocket and RawSocket on one port. */
@NullMarked
package io.tandem.node.transport;

import org.jspecify.annotations.NullMarked;
