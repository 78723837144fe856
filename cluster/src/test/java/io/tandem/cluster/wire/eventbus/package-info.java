@NullMarked
package io.tandem.cluster.wire.eventbus;

import org.jspecify.annotations.NullMarked;
