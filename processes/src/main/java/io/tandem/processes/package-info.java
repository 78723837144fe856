/** Nodes in processes of their own: how one is started, what it says, and how it ends. */
@NullMarked
package io.tandem.processes;

import org.jspecify.annotations.NullMarked;
