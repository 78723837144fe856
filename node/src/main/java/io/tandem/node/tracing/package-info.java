/** Calls and publications as spans of OpenTelemetry, for who collects traces. */
@NullMarked
package io.tandem.node.tracing;

import org.jspecify.annotations.NullMarked;
