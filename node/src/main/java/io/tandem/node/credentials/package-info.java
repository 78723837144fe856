/** What is kept of a secret so that its holder can be known again: keys, records, digests. */
@NullMarked
package io.tandem.node.credentials;

import org.jspecify.annotations.NullMarked;
