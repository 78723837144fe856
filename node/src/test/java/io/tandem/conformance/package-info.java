/**
 * Which requirements are proved by which tests, read from the marks in all modules' test sources.
 */
@NullMarked
package io.tandem.conformance;

import org.jspecify.annotations.NullMarked;
