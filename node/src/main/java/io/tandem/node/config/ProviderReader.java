package io.tandem.node.config;

import io.tandem.node.provider.PrincipalProvider;
import io.tandem.node.provider.Providers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * The mapping from keys to a plugin's provider, which has the last word on its settings: their
 * names are its own.
 */
final class ProviderReader {

  private static final int MOST_SETTINGS = 100;

  private static final Type<String> NAME = Type.text("the name of a provider", name -> true);

  private final Providers providers = Providers.installed();
  private final Type<List<AuthConfig.Dynamic.Setting>> settings;

  ProviderReader(Surroundings surroundings) {
    this.settings = new Settings(surroundings);
  }

  /** The provider that a section names; null where it names none. */
  AuthConfig.Dynamic.@Nullable Provider provider(Section section) {
    String name = section.optional("provider", NAME);
    List<AuthConfig.Dynamic.Setting> read = section.optional("settings", settings);
    section.check(
        section.has("provider") || !section.has("settings"),
        "settings",
        "are those of a provider, and none is named");
    if (name == null) {
      return null;
    }
    AuthConfig.Dynamic.Provider provider =
        new AuthConfig.Dynamic.Provider(name, read == null ? List.of() : read);
    PrincipalProvider installed = providers.named(name);
    if (installed == null) {
      section.check(false, "provider", "there is no provider of this name; " + providers.explain());
    } else if (read != null || !section.has("settings")) {
      String wrong = wrong(installed, provider);
      section.check(wrong == null, section.has("settings") ? "settings" : "provider", "" + wrong);
    }
    return provider;
  }

  /** What a provider has against its settings, or null. */
  private static @Nullable String wrong(
      PrincipalProvider installed, AuthConfig.Dynamic.Provider provider) {
    try {
      installed.open(provider.values()).close();
      return null;
    } catch (IllegalArgumentException refused) {
      return "the provider refuses them: " + refused.getMessage();
    } catch (RuntimeException | LinkageError broken) {
      // Nobody knows what such a message would show.
      return "the provider fails on them: " + broken.getClass().getName();
    }
  }

  /** Names of the provider's, with texts or references to secrets. */
  private record Settings(Surroundings surroundings)
      implements Type<List<AuthConfig.Dynamic.Setting>> {

    private static final String VALUE = "text, {file: PATH} or {env: VARIABLE}";

    /** Words in the names of what is a secret for sure. */
    private static final Set<String> SECRETS = Set.of("password", "secret", "token", "credential");

    @Override
    public String expected() {
      return "a mapping from names to " + VALUE;
    }

    @Override
    public @Nullable List<AuthConfig.Dynamic.Setting> read(Value value) {
      MappingNode mapping = value.mapping();
      if (mapping == null) {
        return null;
      } else if (mapping.getValue().size() > MOST_SETTINGS) {
        value.problem("has more than " + MOST_SETTINGS + " settings");
        return null;
      }
      Set<String> names = new HashSet<>();
      List<AuthConfig.Dynamic.Setting> read = new ArrayList<>();
      for (NodeTuple entry : mapping.getValue()) {
        AuthConfig.Dynamic.Setting setting = setting(value, entry, names);
        if (setting != null) {
          read.add(setting);
        }
      }
      read.sort(Comparator.comparing(AuthConfig.Dynamic.Setting::name));
      return read.size() == mapping.getValue().size() ? read : null;
    }

    private AuthConfig.Dynamic.@Nullable Setting setting(
        Value value, NodeTuple entry, Set<String> names) {
      String name = name(entry.getKeyNode());
      if (name == null) {
        new Value(value.reading(), value.path(), entry.getKeyNode())
            .problem("a setting's name is a word of at most 60 characters");
        return null;
      }
      Value at = new Value(value.reading(), value.path() + "." + name, entry.getValueNode());
      if (!names.add(name)) {
        at.problem("is already set");
        return null;
      } else if (at.node() instanceof MappingNode) {
        Secret secret = secret(at);
        return secret == null ? null : new AuthConfig.Dynamic.Setting(name, null, secret);
      }
      if (!(at.node() instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
        at.mismatch(VALUE);
        return null;
      } else if (SECRETS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::contains)) {
        at.problem("is a secret, which must not stand here: {file: PATH} or {env: VARIABLE}");
        return null;
      }
      return new AuthConfig.Dynamic.Setting(name, scalar.getValue(), null);
    }

    private static @Nullable String name(Node key) {
      return key instanceof ScalarNode scalar && scalar.getValue().matches("[A-Za-z][\\w.-]{0,59}")
          ? scalar.getValue()
          : null;
    }

    /** What a reference refers to; names and paths in it are not ours, but no secret either. */
    private @Nullable Secret secret(Value at) {
      Secret secret = surroundings.reference(at.mapping());
      if (secret == null) {
        at.problem("expected " + VALUE + " of which something can be read");
      }
      return secret;
    }

    @Override
    public String show(List<AuthConfig.Dynamic.Setting> settings) {
      return settings.stream()
          .map(AuthConfig.Dynamic.Setting::name)
          .collect(Collectors.joining(", ", "{", "}"));
    }
  }
}
