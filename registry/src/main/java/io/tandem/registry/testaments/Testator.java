package io.tandem.registry.testaments;

import io.tandem.protocol.wire.Payload;

/**
 * Whose testaments they are: what it takes to judge and to publish them as this session when it is
 * gone. Immutable.
 *
 * @param passthru whether the publisher knows payload passthru mode
 * @param more its {@code authextra} and what is known of its {@code transport}, as far as there is
 *     any, as keyword arguments
 */
public record Testator(
    long session,
    String realm,
    String authid,
    String authrole,
    String authmethod,
    String authprovider,
    boolean passthru,
    Payload more) {}
