/** How nodes agree: the shared record, the registry log, links and entries, behind ports. */
@NullMarked
package io.tandem.cluster;

import org.jspecify.annotations.NullMarked;
