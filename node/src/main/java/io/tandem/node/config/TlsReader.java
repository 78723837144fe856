package io.tandem.node.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The mapping from keys to {@link TlsConfig}. */
final class TlsReader {

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final int LONGEST_NAME = 253;

  private static final Type<String> NAME =
      Type.text(
          "a host name in lower case such as a.example.com or, for one label, *.example.com",
          TlsReader::isName);

  private final Surroundings surroundings;

  /** Where each name stands. */
  private final Map<String, String> taken = new HashMap<>();

  TlsReader(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  TlsConfig tls(Section tls) {
    Path certificate = certificate(tls);
    Path key = key(tls);
    List<TlsConfig.Named> byName = tls.sections("byName", 0, this::named);
    Path clientCa = tls.optional("clientCa", surroundings.certificates());
    TlsConfig.Clients clients =
        tls.value(
            "clientCertificate", Type.oneOf(TlsConfig.Clients.class), TlsConfig.Clients.REQUIRED);
    tls.check(
        !tls.has("clientCertificate") || tls.has("clientCa"),
        "clientCertificate",
        "needs clientCa: the authorities that sign such certificates");
    List<Path> files = new ArrayList<>(List.of(certificate, key));
    if (clientCa != null) {
      files.add(clientCa);
    }
    byName.forEach(named -> files.addAll(List.of(named.certificate(), named.key())));
    List<Path> shown = new ArrayList<>(List.of(certificate));
    byName.forEach(named -> shown.add(named.certificate()));
    return new TlsConfig(
        certificate,
        key,
        byName,
        clientCa,
        clients,
        surroundings.digest(files),
        surroundings.end(shown));
  }

  private Path certificate(Section section) {
    return section.required("certificate", surroundings.certificates(), Path.of(""));
  }

  private Path key(Section section) {
    return section.required("key", surroundings.privateKey(), Path.of(""));
  }

  private TlsConfig.Named named(Section section) {
    Set<String> names = section.required("names", Type.someOf(NAME), Set.of());
    for (String name : names) {
      String where = taken.putIfAbsent(name, section.path());
      section.check(where == null, "names", name + " is one of " + where + " too");
    }
    return new TlsConfig.Named(names, certificate(section), key(section));
  }

  /** What TLS can ask for: no address, no dot at the end. */
  private static boolean isName(String text) {
    String name = text.startsWith("*.") ? text.substring(2) : text;
    return name.length() <= LONGEST_NAME
        && name.matches(LABEL + "(\\." + LABEL + ")*")
        && !name.matches("(.*\\.)?[0-9]+");
  }
}
