/** Bytes to tokens and back: serializers, payload slices, transcoding. */
@NullMarked
package io.tandem.protocol.wire;

import org.jspecify.annotations.NullMarked;
