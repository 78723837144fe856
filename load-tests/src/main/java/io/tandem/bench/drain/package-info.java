/** Clients that reconnect, and what becomes of each call while nodes come and go. */
@NullMarked
package io.tandem.bench.drain;

import org.jspecify.annotations.NullMarked;
