/** The chart and the plain manifests, rendered and read as strictly as a cluster would not. */
@NullMarked
package io.tandem.helm;

import org.jspecify.annotations.NullMarked;
