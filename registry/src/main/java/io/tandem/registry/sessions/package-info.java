/** Sessions, as all nodes know them: their IDs. */
@NullMarked
package io.tandem.registry.sessions;

import org.jspecify.annotations.NullMarked;
