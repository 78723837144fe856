/** What all parts of the bench need: its working copy, its processes, its patience. */
@NullMarked
package io.tandem.bench;

import org.jspecify.annotations.NullMarked;
