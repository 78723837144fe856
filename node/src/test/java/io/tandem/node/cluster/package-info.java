/** What clients see of a cluster whose nodes come, go, freeze and die. */
@NullMarked
package io.tandem.node.cluster;

import org.jspecify.annotations.NullMarked;
