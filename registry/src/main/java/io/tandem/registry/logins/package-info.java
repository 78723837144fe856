/** Logins that outlive their connections, as all nodes know them. */
@NullMarked
package io.tandem.registry.logins;

import org.jspecify.annotations.NullMarked;
