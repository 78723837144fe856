/** Octets that a client may send, right or wrong, and connections that bring them. */
@NullMarked
package io.tandem.bench.octets;

import org.jspecify.annotations.NullMarked;
