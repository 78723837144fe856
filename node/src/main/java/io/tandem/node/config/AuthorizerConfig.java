package io.tandem.node.config;

import java.time.Duration;

/**
 * What is asked where no permission of a role decides (AZ-08).
 *
 * @param procedure a URI of the realm, which a role without an authorizer may register
 * @param timeout how long it may take, 5 s unless configured
 * @param place where it stands, such as {@code node.yaml:12}; for messages
 */
public record AuthorizerConfig(String procedure, Duration timeout, String place) {}
