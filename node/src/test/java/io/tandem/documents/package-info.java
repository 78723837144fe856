/** What must hold for the documents of the repository: width of lines, links, paths. */
@NullMarked
package io.tandem.documents;

import org.jspecify.annotations.NullMarked;
