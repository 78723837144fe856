/** WAMP IDs: their range, scopes and generators. */
@NullMarked
package io.tandem.protocol.id;

import org.jspecify.annotations.NullMarked;
