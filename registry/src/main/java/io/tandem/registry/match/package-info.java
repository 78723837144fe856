/** Which patterns match a URI: one index for subscriptions, registrations and permissions. */
@NullMarked
package io.tandem.registry.match;

import org.jspecify.annotations.NullMarked;
