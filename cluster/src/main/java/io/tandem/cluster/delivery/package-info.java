/** What lanes tell each other, on one node or on two. */
@NullMarked
package io.tandem.cluster.delivery;

import org.jspecify.annotations.NullMarked;
