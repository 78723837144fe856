package io.tandem.node.config;

import io.tandem.node.trust.TrustRoot;

/**
 * Who vouches for the keys of clients, by certificates.
 *
 * @param role the role that these clients get, one of the realm's
 */
public record TrustRootConfig(TrustRoot root, String role) {}
