package io.tandem.node.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where providers are found, and what is said where they are not. */
class ProvidersTest {

  private static final String SERVICE =
      "META-INF/services/io.tandem.node.provider.PrincipalProvider";

  @TempDir Path directory;

  /** Compiles a provider that only the jar has. */
  private void jar(String file, String type, String name) throws Exception {
    Path sources = Files.createDirectories(directory.resolve("sources"));
    Path source = sources.resolve(type + ".java");
    Files.writeString(
        source,
        """
        public class %s implements io.tandem.node.provider.PrincipalProvider {
          public String name() { return "%s"; }
          public io.tandem.node.provider.Principals open(java.util.Map<String, String> settings) {
            return (realm, authid, details) -> java.util.Map.of("role", settings.get("role"));
          }
        }
        """
            .formatted(type, name));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertThat(status).isZero();
    jar(file, type, Files.readAllBytes(sources.resolve(type + ".class")));
  }

  private void jar(String file, String type, byte[] octets) throws Exception {
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(directory.resolve(file)))) {
      jar.putNextEntry(new JarEntry(type + ".class"));
      jar.write(octets);
      jar.putNextEntry(new JarEntry(SERVICE));
      jar.write(type.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void providerInAJarOfTheDirectoryIsFoundBesideThoseOnTheClassPath() throws Exception {
    jar("plugin.jar", "Fresh", "fresh");
    Providers providers = new Providers(directory.toString());
    assertThat(providers.explain()).isEqualTo("there are: fresh, postgres");
    PrincipalProvider fresh = providers.named("fresh");
    assertThat(fresh.open(Map.of("role", "user")).find("realm1", "joe", Map.of()))
        .isEqualTo(Map.of("role", "user"));
    assertThat(providers.named("stale")).isNull();
  }

  @Test
  void withoutADirectoryThereAreThoseOnTheClassPath() {
    assertThat(new Providers(null).explain()).isEqualTo("there are: postgres");
    assertThat(new Providers("").explain()).isEqualTo("there are: postgres");
  }

  @Test
  void whatCannotBeLoadedIsToldAndTheOthersAreThere() throws Exception {
    jar("a.jar", "Broken", new byte[] {1, 2, 3});
    jar("b.jar", "Fresh", "fresh");
    jar("c.jar", "Twice", "postgres");
    Providers providers = new Providers(directory.toString());
    assertThat(providers.explain())
        .startsWith("there are: fresh, postgres; not loaded: ")
        .contains("ClassFormatError", "two are called postgres");
    assertThat(providers.named("fresh")).isNotNull();
  }

  @Test
  void directoryThatIsNoneIsTold() {
    String nowhere = directory.resolve("nowhere").toString();
    assertThat(new Providers(nowhere).explain())
        .isEqualTo(
            "there are: postgres; not loaded: TANDEM_PLUGINS is no directory that can be read: "
                + nowhere);
  }
}
