/** What the tests of every module share. */
@NullMarked
package io.tandem.testing;

import org.jspecify.annotations.NullMarked;
