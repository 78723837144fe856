package io.tandem.registry.logins;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody was who proved it, and under which conditions that still holds. Immutable.
 *
 * @param asked the realm that it wanted to join
 * @param claimed the authid that it came with; null where it named none
 * @param realm the realm that it joined
 * @param authmethod by which it proved who it is
 * @param authextra what it was told beyond that, as JSON; null for nothing
 * @param seal what tells whether the proof would still be taken; the registry cannot
 * @param until when it has to prove itself again
 */
public record RememberedLogin(
    String asked,
    @Nullable String claimed,
    String realm,
    String authid,
    String authrole,
    String authmethod,
    String authprovider,
    @Nullable String authextra,
    String seal,
    Instant until) {}
