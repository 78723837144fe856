package io.tandem.registry.testaments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All testaments of a session. Immutable.
 *
 * @param version grows with each change by the session
 * @param testaments in the order in which they were added
 */
public record Will(Testator testator, long version, List<Testament> testaments) {

  public Will {
    testaments = List.copyOf(testaments);
  }

  /** One with nothing in it. */
  public static Will of(Testator testator) {
    return new Will(testator, 0, List.of());
  }

  /** Its next version, with one testament more. */
  public Will with(Testament testament) {
    List<Testament> more = new ArrayList<>(testaments);
    more.add(testament);
    return new Will(testator, version + 1, more);
  }

  /** Its next version, without those of a scope. */
  public Will without(Testament.Scope scope) {
    return new Will(
        testator,
        version + 1,
        testaments.stream().filter(testament -> testament.scope() != scope).toList());
  }

  /** The testaments in the order in which they are published (PS-TEST-04, PS-TEST-05). */
  public List<Testament> inOrder() {
    return testaments.stream().sorted(Comparator.comparing(Testament::scope)).toList();
  }
}
