package io.tandem.node.config;

import static io.tandem.node.config.Yaml.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Templates of realms: what a configuration says of them, and which realm a name means. */
class TemplateReaderTest {

  private static String realms(String... entries) {
    return Yaml.LISTENERS + "realms:\n  - {" + String.join("}\n  - {", entries) + "}\n";
  }

  private static List<RealmConfig> read(String... entries) throws ConfigurationException {
    return Yaml.config(realms(entries)).realms();
  }

  @Test
  void defaultsAreThoseOfTheReference() throws Exception {
    RealmConfig tenant = read("name: com.tenant., template: {}").get(0);
    assertThat(tenant.template())
        .isEqualTo(new TemplateConfig(MatchPolicy.PREFIX, 100, Duration.ofMinutes(5)));
    assertThat(tenant.title()).isEqualTo("com.tenant. (prefix)");
  }

  @Test
  void realmMayHaveTheNameOfATemplate() throws Exception {
    NodeConfig config =
        Yaml.config(
            realms(
                "name: com.tenant",
                "name: com.tenant, template: {}",
                "name: com.tenant, template: {match: wildcard}"));
    assertThat(config.namedRealms()).extracting(RealmConfig::title).containsExactly("com.tenant");
    assertThat(config.templates())
        .extracting(RealmConfig::title)
        .containsExactly("com.tenant (prefix)", "com.tenant (wildcard)");
  }

  @ParameterizedTest
  @CsvSource({
    "com.tenant.own, com.tenant.own",
    "com.tenant.acme, com.tenant. (prefix)",
    "com.tenant.big.acme, com.tenant.big. (prefix)",
    "org.tenant.acme, .tenant. (wildcard)",
    "com.other.acme, com.. (wildcard)",
    "com.tenant.A, com.tenant. (prefix)",
    "com.tenant.big.A,",
    "com.tenant.,",
    "com.tenant.#,",
    "com.tenant.\u0007,",
    "wamp.tenant.acme,",
    "other,"
  })
  void mostSpecificEntryIsMeant(String name, String title) throws Exception {
    List<RealmConfig> entries =
        read(
            "name: com.tenant.own",
            "name: com.tenant., template: {}",
            "name: com.tenant.big., template: {}, uriRule: strict",
            "name: .tenant., template: {match: wildcard}",
            "name: com.., template: {match: wildcard}");
    RealmConfig meant = new RealmsByName(entries).get(name);
    assertThat(meant == null ? null : meant.title()).isEqualTo(title);
  }

  @Test
  void realmOfANameThatIsTooLongIsNobodys() throws Exception {
    RealmsByName realms = new RealmsByName(read("name: com., template: {}"));
    assertThat(realms.get("com." + "x".repeat(1020))).isNotNull();
    assertThat(realms.get("com." + "x".repeat(1021))).isNull();
  }

  @Test
  void procedureThatKnowsTheClientsIsThatOfARealmThatIsThere() throws Exception {
    String guest = "roles: [{name: guest, permissions: [{uri: com.who, allow: [register]}]}]";
    String directory = "name: directory, auth: {anonymous: {role: guest}}, " + guest;
    String tenant = "name: com., template: {}, auth: {dynamic: {methods: [ticket], ";
    assertThat(read(directory, tenant + "procedure: com.who, realm: directory}}").get(1).auth())
        .singleElement()
        .extracting(method -> ((AuthConfig.Dynamic) method).source())
        .isEqualTo(new AuthConfig.Dynamic.Procedure("directory", "com.who"));
    assertThat(problems(realms(directory, tenant + "procedure: com.who}}")))
        .singleElement()
        .asString()
        .endsWith(
            "realms[1].auth.dynamic.realm: is needed: realms of a template are not there before"
                + " their clients are known");
    assertThat(problems(realms(directory, tenant + "procedure: com.who, realm: com.}}, " + guest)))
        .singleElement()
        .asString()
        .endsWith("realms[1].auth.dynamic.realm: there is no realm of this name");
  }

  @Test
  void authorizerOfATemplateIsServedInItsRealms() throws Exception {
    String roles = "roles: [{name: user, authorizer: {procedure: com.may}}";
    String judge = ", {name: judge, permissions: [{uri: com.may, allow: [register]}]}]";
    assertThat(read("name: com., template: {}, " + roles + judge)).hasSize(1);
    assertThat(
            problems(
                realms(
                    "name: com., " + roles.replace("user", "guest") + judge,
                    "name: com., template: {}, " + roles + "]")))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .endsWith(
                        "realms[1].roles[0].authorizer.procedure: no role of com. has a permission"
                            + " to register it"));
  }

  @Test
  void anonymousClientsOfOtherMachinesDeserveASecondLook() throws Exception {
    String open = ", template: {}, auth: {anonymous: {role: guest}}, roles: [{name: guest}]";
    String everywhere = "listeners: [{address: 0.0.0.0}]\n";
    String yaml = realms("name: com." + open).replace(Yaml.LISTENERS, everywhere);
    assertThat(Yaml.config(yaml).warnings())
        .anySatisfy(
            warning ->
                assertThat(warning)
                    .startsWith("realms[0].template: anonymous clients take its maxRealms"));
    assertThat(Yaml.config(realms("name: com." + open)).warnings()).isEmpty();
    String any = yaml.replace("com.", "..").replace("{}", "{match: wildcard}");
    assertThat(problems(any))
        .singleElement()
        .asString()
        .contains("realms[0].name: any name will do");
  }

  @Test
  void changesOfATemplateAreThoseOfARealm() throws Exception {
    NodeConfig one = Yaml.config(realms("name: com", "name: com., template: {}"));
    NodeConfig two = Yaml.config(realms("name: com", "name: com., template: {maxRealms: 3}"));
    NodeConfig none = Yaml.config(realms("name: com"));
    assertThat(ConfigChange.between(one, two).live()).hasToString("[realm com. (prefix)]");
    assertThat(ConfigChange.between(none, two).live()).hasToString("[new realm com. (prefix)]");
    assertThat(ConfigChange.between(two, none).live())
        .hasToString("[realm com. (prefix) is closed]");
    assertThat(ConfigDigest.of(one)).isNotEqualTo(ConfigDigest.of(two));
  }
}
