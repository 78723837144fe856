/** The load: who sends what and when, and what is measured on the way. */
@NullMarked
package io.tandem.bench.load;

import org.jspecify.annotations.NullMarked;
