/** Sessions, as all nodes know them: their IDs, and who they are. */
@NullMarked
package io.tandem.registry.sessions;

import org.jspecify.annotations.NullMarked;
