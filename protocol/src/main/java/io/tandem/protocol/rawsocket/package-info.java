/** What every RawSocket begins with, and what stands before each of its frames. */
@NullMarked
package io.tandem.protocol.rawsocket;

import org.jspecify.annotations.NullMarked;
