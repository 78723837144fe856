/** Nodes in this JVM, for tests that talk to one as clients do. */
@NullMarked
package io.tandem.node.testing;

import org.jspecify.annotations.NullMarked;
