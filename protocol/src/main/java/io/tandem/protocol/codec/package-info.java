/** Messages to bytes and back. */
@NullMarked
package io.tandem.protocol.codec;

import org.jspecify.annotations.NullMarked;
