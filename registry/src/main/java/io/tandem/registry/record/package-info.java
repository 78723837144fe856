/**
 * The shared record: what needs one answer in the whole cluster, and the stores and IDs it stands
 * on.
 */
@NullMarked
package io.tandem.registry.record;

import org.jspecify.annotations.NullMarked;
