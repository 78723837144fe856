/**
 * What must hold between sessions on different lanes of a node, and on different nodes of a
 * cluster, with real nodes and real clients. Each test runs a few times in {@code mvn verify}; 200
 * times in a row by
 *
 * <pre>{@code
 * mvn -B verify -pl node -am -Dtandem.repeat=200 -Dit.test='io.tandem.node.lanes.*IT' \
 *     -Dtest=None -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * }</pre>
 */
@NullMarked
package io.tandem.node.lanes;

import org.jspecify.annotations.NullMarked;
