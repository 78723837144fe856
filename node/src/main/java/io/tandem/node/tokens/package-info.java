/** Tokens that somebody trusted has signed: their keys, and how they are judged. */
@NullMarked
package io.tandem.node.tokens;

import org.jspecify.annotations.NullMarked;
