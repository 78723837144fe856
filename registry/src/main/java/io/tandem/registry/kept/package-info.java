/** What the cluster keeps of publications, as it stands in the record that its nodes share. */
@NullMarked
package io.tandem.registry.kept;

import org.jspecify.annotations.NullMarked;
