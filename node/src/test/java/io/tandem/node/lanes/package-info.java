/** What must hold between sessions on different lanes, on real nodes with real clients. */
@NullMarked
package io.tandem.node.lanes;

import org.jspecify.annotations.NullMarked;
