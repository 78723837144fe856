/** URIs: rules, match policies, the predefined ones. */
@NullMarked
package io.tandem.protocol.uri;

import org.jspecify.annotations.NullMarked;
