package io.tandem.node;

import io.tandem.node.config.RealmConfig;
import io.tandem.node.config.RealmsByName;
import io.tandem.node.config.TemplateConfig;
import io.tandem.node.router.RealmSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From which template realms are made whose names no configuration has. Realms of one template
 * share what judges their clients, so that a name costs nothing. Immutable; any thread.
 */
final class Templates {

  private final RealmsByName realms;
  private final Map<String, RealmSettings> settings;

  /**
   * One realm that could be made.
   *
   * @param title tells its template from others
   * @param settings of the realm
   * @param maxRealms how many the template may have at a time
   * @param closeWhenEmptyFor how long it stays without a session
   */
  record Template(
      String title, RealmSettings settings, int maxRealms, Duration closeWhenEmptyFor) {}

  /**
   * @param settings of realms made from templates, by the templates' titles, under any name
   */
  Templates(Collection<RealmConfig> realms, Map<String, RealmSettings> settings) {
    this.realms = new RealmsByName(realms);
    this.settings = Map.copyOf(settings);
  }

  /** How a realm of this name would be made; null where it is not, or has an entry of its own. */
  @Nullable Template of(String name) {
    RealmConfig config = realms.get(name);
    TemplateConfig template = config == null ? null : config.template();
    if (config == null || template == null) {
      return null;
    }
    RealmSettings all = Objects.requireNonNull(settings.get(config.title()));
    return new Template(
        config.title(), all.named(name), template.maxRealms(), template.closeWhenEmptyFor());
  }
}
