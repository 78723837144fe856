/** The configuration of a node: YAML in, validated immutable records out, or every problem. */
@NullMarked
package io.tandem.node.config;

import org.jspecify.annotations.NullMarked;
