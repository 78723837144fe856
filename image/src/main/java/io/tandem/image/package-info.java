/** The entry point of the container image. */
@NullMarked
package io.tandem.image;

import org.jspecify.annotations.NullMarked;
