/** Proofs of broker and dealer, in a world without sockets, threads or clocks. */
@NullMarked
package io.tandem.node.router;

import org.jspecify.annotations.NullMarked;
