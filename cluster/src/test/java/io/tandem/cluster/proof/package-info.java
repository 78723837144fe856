@NullMarked
package io.tandem.cluster.proof;

import org.jspecify.annotations.NullMarked;
