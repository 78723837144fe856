/** The publications that a realm keeps for those who come later: retained ones, and history. */
@NullMarked
package io.tandem.cluster.kept;

import org.jspecify.annotations.NullMarked;
