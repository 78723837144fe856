package io.tandem.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the requirements of {@code docs/conformance/requirements.md} that a test proves: one to
 * three IDs, and the test turns red when the code behind any of them breaks. The README's table of
 * proved requirements is generated from these marks.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Conformance {
  /** Requirement IDs such as {@code "PS-03"}. */
  String[] value();
}
