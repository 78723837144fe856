/** The shell commands built on the client: call, publish, subscribe, register. */
@NullMarked
package io.tandem.client.cli;

import org.jspecify.annotations.NullMarked;
