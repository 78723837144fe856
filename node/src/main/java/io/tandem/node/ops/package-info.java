/** What operators see: health, metrics, the page to try it. */
@NullMarked
package io.tandem.node.ops;

import org.jspecify.annotations.NullMarked;
