package io.tandem.node.router;

import io.tandem.cluster.kept.KeepRules;
import io.tandem.node.auth.AuthPool;
import io.tandem.node.auth.Authentication;
import io.tandem.node.auth.Authorizer;
import io.tandem.node.auth.Decision;
import io.tandem.node.testing.Clients;
import io.tandem.protocol.uri.UriRule;
import io.tandem.protocol.uri.UriSyntax;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of a realm, for a test to change before its world begins. */
final class TestRealm {

  UriRule uriRule = UriRule.LOOSE;
  boolean strictRequestIds = true;
  boolean allowDiscloseMe = true;
  boolean progressRequiresCanceling;
  boolean tellsRevokedSubscribers = true;
  CallSettings calls = CallSettings.AS_ASKED;
  final TrustLevels trust = new TrustLevels();
  boolean requiresQuorum;
  boolean metaEvents = true;
  int maxSessions = Integer.MAX_VALUE;
  int maxPayloadSize = Integer.MAX_VALUE;
  @Nullable Rate rate;
  Map<String, SessionLimits> limitsOfRoles = Map.of();
  int maxSubscriptions = 100;
  int maxRegistrations = 100;
  int maxPendingCalls = 100;
  long memory = Long.MAX_VALUE;
  long sessionMemory = Long.MAX_VALUE;

  /** Of the nodes, as if they were one. */
  @Nullable Tracing tracing;

  /** Of the node. */
  long nodeMemory = 1 << 26;

  /** How many are thought to keep what is subscribed to and registered. */
  int nodes = 1;

  int maxUriLength = UriSyntax.DEFAULT_LENGTH;
  int maxWildcardShapes = 10;
  int maxOptionsSize = 64 << 10;
  TestamentLimits testaments = new TestamentLimits(1_000, 256 << 10);
  KeepRules keep = KeepRules.DEFAULT;
  Authentication authentication = Clients.authentication(List.of(), Set.of(), new AuthPool());
  Authorizer authorizer = (principal, action, uri, match) -> Decision.ALLOWED;

  RealmSettings settings(String name) {
    return new RealmSettings(
        name,
        new UriSyntax(uriRule, maxUriLength),
        strictRequestIds,
        allowDiscloseMe,
        progressRequiresCanceling,
        tellsRevokedSubscribers,
        calls,
        trust,
        requiresQuorum,
        metaEvents,
        new SessionLimits(
            maxSessions, maxSubscriptions, maxRegistrations, maxPendingCalls, maxPayloadSize, rate),
        limitsOfRoles,
        memory,
        sessionMemory,
        nodes,
        maxWildcardShapes,
        maxOptionsSize,
        testaments,
        keep,
        authentication,
        authorizer);
  }
}
