package io.tandem.node.auth;

import io.tandem.protocol.message.Options;

/**
 * A HELLO that wants to become a session.
 *
 * @param realm the realm whose authenticators judge it
 * @param details what the client sent, to be trusted in nothing
 * @param session the ID that the session will have, also inside a challenge (AUTH-09)
 * @param evidence what its transport knows of it
 */
public record AuthRequest(String realm, Options details, long session, Evidence evidence) {}
