package io.tandem.node.credentials;

import com.ongres.saslprep.SASLprep;
import com.ongres.stringprep.Profile;
import org.jspecify.annotations.Nullable;

/** Names and passwords as SCRAM compares them: by SASLprep (AUTH-SCRAM-15, RFC 4013). */
public final class Sasl {

  private static final Profile PROFILE = new SASLprep();

  private Sasl() {}

  /** The text prepared; null where it holds what it must not. */
  public static @Nullable String prepare(String text) {
    try {
      return PROFILE.prepareStored(text);
    } catch (IllegalArgumentException prohibited) {
      return null;
    }
  }
}
