/** Who a session is, and what it may do. */
@NullMarked
package io.tandem.node.auth;

import org.jspecify.annotations.NullMarked;
