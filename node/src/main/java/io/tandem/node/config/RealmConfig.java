package io.tandem.node.config;

import io.tandem.protocol.uri.UriRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One realm: a routing domain of its own, with its roles.
 *
 * @param name its URI, unique on the node; not {@code wamp} or below it
 * @param uriRule what a URI may look like (URI-01, URI-02), {@link UriRule#LOOSE} unless configured
 * @param strictRequestIds whether a request ID out of sequence aborts the session (ID-07, AMB-01);
 *     off unless configured: such IDs are then logged and counted
 * @param allowDiscloseMe whether callers and publishers may ask to be disclosed (RPC-IDENT-06); on
 *     unless configured. Where off, asking for it gets {@code
 *     wamp.error.option_disallowed.disclose_me}
 * @param progressRequiresCanceling whether only callees that announce call canceling are asked for
 *     progressive results (RPC-PROG-02, AMB-15); off unless configured
 * @param tellRevokedSubscribers whether subscribers that announced it are told when the router ends
 *     a subscription (PS-REV-02); on unless configured. Autobahn-Python announces it and fails
 * @param calls how long they wait
 * @param onPartition what it does while nodes cannot reach each other, {@link
 *     PartitionPolicy#AVAILABLE} unless configured
 * @param metaEvents whether it tells of sessions, subscriptions and registrations by events of
 *     {@code wamp.}; on unless configured
 * @param auth who may join, in which role; none admits nobody
 * @param roles what sessions may do; names unique
 * @param limits what one session may hold
 * @param retention what is retained of publications
 * @param history the subscriptions of which events are kept in order; none unless configured
 * @param template how many realms are made of it, whose names the name then meets as a pattern;
 *     null for one realm of this name
 */
public record RealmConfig(
    String name,
    UriRule uriRule,
    boolean strictRequestIds,
    boolean allowDiscloseMe,
    boolean progressRequiresCanceling,
    boolean tellRevokedSubscribers,
    CallsConfig calls,
    PartitionPolicy onPartition,
    boolean metaEvents,
    List<AuthConfig> auth,
    List<RoleConfig> roles,
    SessionLimitsConfig limits,
    RetentionConfig retention,
    List<KeptTopicsConfig> history,
    @Nullable TemplateConfig template) {

  public RealmConfig {
    auth = List.copyOf(auth);
    roles = List.copyOf(roles);
    history = List.copyOf(history);
  }

  /** What tells it from all others of a node: its name, and of a template how that is meant. */
  public String title() {
    return template == null ? name : name + " (" + template.match().wireName() + ")";
  }

  /** Whether clients get in that show nothing. */
  boolean admitsAnonymous() {
    return auth.stream().anyMatch(AuthConfig.Anonymous.class::isInstance);
  }

  /** The files of secrets by the paths of their keys; {@code key} is the path of this realm. */
  Map<String, Path> secretFiles(String key) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (AuthConfig method : auth) {
      method
          .secrets()
          .forEach(
              (path, secret) -> {
                if (secret.file() != null) {
                  files.put(key + ".auth." + path + ".file", secret.file());
                }
              });
    }
    return files;
  }

  /** A sentence for each permission that never applies; {@code key} is the path of this realm. */
  List<String> hiddenPermissions(String key) {
    List<String> hidden = new ArrayList<>();
    for (int i = 0; i < roles.size(); i++) {
      hidden.addAll(roles.get(i).hidden(key + ".roles[" + i + "]"));
    }
    return hidden;
  }
}
