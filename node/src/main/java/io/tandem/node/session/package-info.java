/** The conversation with one client: from HELLO to the end of its transport. */
@NullMarked
package io.tandem.node.session;

import org.jspecify.annotations.NullMarked;
