package io.tandem.conformance;

import java.util.List;

/**
 * A test method that carries {@code @Conformance}.
 *
 * @param source path of its source file from the project's root, with slashes
 * @param type simple name of its class, nested classes after a dot
 * @param ids what it claims to prove
 * @param annotations simple names of all annotations on the method and the classes around it
 * @param several whether it runs over several nodes
 */
record MarkedTest(
    String source,
    String type,
    String method,
    List<String> ids,
    List<String> annotations,
    boolean several) {

  String name() {
    return type + "." + method;
  }
}
