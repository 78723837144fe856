/** How a client becomes a session, whatever it speaks. */
@NullMarked
package io.tandem.node.login;

import org.jspecify.annotations.NullMarked;
