package io.tandem.cluster.kept;

import io.tandem.protocol.uri.MatchPolicy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a realm keeps of the publications to some topics. Beyond the number or the octets the oldest
 * ones go.
 *
 * @param match how topics are compared with the URI
 * @param events how many, 1 at least
 * @param octets how much they may take, as {@link Pool#weight} counts
 * @param age how long each; null for as long as there is room
 */
public record KeepRule(
    MatchPolicy match, String uri, int events, long octets, @Nullable Duration age) {}
