package io.tandem.registry;

import io.tandem.protocol.uri.MatchPolicy;

/**
 * What a subscription or registration is about: the same URI with another match policy is another
 * resource with another ID (PS-PAT-05, RPC-PAT-08).
 */
public record Resource(String realm, MatchPolicy match, String uri) {}
