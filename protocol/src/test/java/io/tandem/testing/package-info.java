/** What every module's tests share. */
@NullMarked
package io.tandem.testing;

import org.jspecify.annotations.NullMarked;
