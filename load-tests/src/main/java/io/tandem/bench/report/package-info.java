/** What a run found out, as text, JSON and a page with plots. */
@NullMarked
package io.tandem.bench.report;

import org.jspecify.annotations.NullMarked;
