/** What a node has to account for: who came in, who did not, and what was changed. */
@NullMarked
package io.tandem.node.audit;

import org.jspecify.annotations.NullMarked;
