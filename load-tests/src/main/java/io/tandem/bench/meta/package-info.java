/** What asking a router about itself takes when there is much to tell. */
@NullMarked
package io.tandem.bench.meta;

import org.jspecify.annotations.NullMarked;
