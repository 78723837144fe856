/** Every WAMP message as an immutable record, with its options and details. */
@NullMarked
package io.tandem.protocol.message;

import org.jspecify.annotations.NullMarked;
