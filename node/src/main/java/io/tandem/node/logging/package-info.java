/** What a line of the log looks like, for people and for programs. */
@NullMarked
package io.tandem.node.logging;

import org.jspecify.annotations.NullMarked;
