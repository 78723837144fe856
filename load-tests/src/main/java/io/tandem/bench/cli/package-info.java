/** The bench command: what to measure, in which order, and how to tell it. */
@NullMarked
package io.tandem.bench.cli;

import org.jspecify.annotations.NullMarked;
