/** The other nodes, as one node knows them: who is there, linked, heard of, and gone. */
@NullMarked
package io.tandem.cluster.nodes;

import org.jspecify.annotations.NullMarked;
