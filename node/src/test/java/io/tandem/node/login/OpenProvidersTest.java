package io.tandem.node.login;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.config.AuthConfig;
import io.tandem.node.config.Configurations;
import io.tandem.node.config.NodeConfig;
import io.tandem.node.provider.Principals;
import io.tandem.node.testing.TestProvider;
import io.tandem.testing.Patience;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long what plugins know stays open. */
class OpenProvidersTest {

  private final OpenProviders providers = new OpenProviders();

  private static AuthConfig.Dynamic.Provider provider(String url) {
    return new AuthConfig.Dynamic.Provider(
        "postgres", List.of(new AuthConfig.Dynamic.Setting("url", url, null)));
  }

  private static NodeConfig config(String url) throws Exception {
    return Configurations.parse(
        "test.yaml",
        """
        listeners: [{port: 0}]
        realms:
          - name: realm1
            auth: {dynamic: {methods: [ticket, wampcra], provider: postgres, settings: {url: %s}}}
        """
            .formatted(url));
  }

  private static List<String> events(String url) {
    synchronized (TestProvider.EVENTS) {
      return TestProvider.EVENTS.stream()
          .filter(event -> event.matches("\\w+ " + url + "( .*)?"))
          .toList();
    }
  }

  @Test
  void whoSaysTheSameIsGivenTheSame() {
    Principals one = providers.of(provider("same"));
    assertThat(providers.of(provider("same"))).isSameAs(one);
    assertThat(providers.of(provider("other"))).isNotSameAs(one);
    assertThat(events("same")).containsExactly("opened same");
  }

  @Test
  void whatNoConfigurationSaysAnyMoreIsClosed() throws Exception {
    providers.of(provider("kept"));
    providers.of(provider("dropped"));
    providers.keep(config("kept"));
    Patience.until("it is closed", () -> events("dropped").contains("closed dropped"));
    // Whoever checks a configuration opens and closes one as well.
    assertThat(events("kept")).containsExactly("opened kept", "opened kept", "closed kept");
  }

  @Test
  void allIsClosedAtTheEndAndOnce() {
    providers.of(provider("one"));
    providers.of(provider("two"));
    providers.close();
    providers.close();
    Patience.until(
        "both are closed",
        () -> events("one").contains("closed one") && events("two").contains("closed two"));
    assertThat(events("one")).containsExactly("opened one", "closed one");
  }

  /** Libraries look there for classes of the plugin. */
  @Test
  void providerIsAskedWithItsOwnClassLoader() throws Exception {
    Principals principals = providers.of(provider("loader"));
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(null);
    try {
      assertThat(principals.find("realm1", "joe", Map.of()).get("role")).isEqualTo("user");
      assertThat(events("loader")).last().isEqualTo("asked loader of joe");
      assertThat(Thread.currentThread().getContextClassLoader()).isNull();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }
}
