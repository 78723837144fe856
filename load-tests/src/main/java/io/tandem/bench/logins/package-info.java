/** How many clients a node lets in, by the way in which they prove who they are. */
@NullMarked
package io.tandem.bench.logins;

import org.jspecify.annotations.NullMarked;
