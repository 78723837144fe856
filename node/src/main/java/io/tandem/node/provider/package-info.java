/** What plugins implement to say who clients are, and where they are found. */
@NullMarked
package io.tandem.node.provider;

import org.jspecify.annotations.NullMarked;
