/** Who is subscribed, who is registered: the records and the routing tables built from them. */
@NullMarked
package io.tandem.registry;

import org.jspecify.annotations.NullMarked;
