/** Tests of the links: codec, streams, and many nodes under a virtual clock and network. */
@NullMarked
package io.tandem.cluster.link;

import org.jspecify.annotations.NullMarked;
