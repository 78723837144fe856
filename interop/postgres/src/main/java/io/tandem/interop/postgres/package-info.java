/** A plugin of a node: clients whom a table of PostgreSQL knows. */
@NullMarked
package io.tandem.interop.postgres;

import org.jspecify.annotations.NullMarked;
