/**
 * A WAMP client on Vert.x. Start at {@link io.tandem.client.ClientSession}; to provoke a router on
 * purpose, at {@link io.tandem.client.WireConnection}.
 */
@NullMarked
package io.tandem.client;

import org.jspecify.annotations.NullMarked;
