package io.tandem.registry.hazelcast;

import io.tandem.registry.logins.RememberedLogin;
import org.jspecify.annotations.Nullable;

/** How a login stands in Hazelcast: the layout (1), then its texts, then its end. */
final class LoginFormat {

  private static final int LAYOUT = 1;

  private LoginFormat() {}

  static byte[] encode(RememberedLogin login) {
    RecordOutput out = new RecordOutput().octet(LAYOUT).text(login.asked());
    optional(out, login.claimed());
    out.text(login.realm())
        .text(login.authid())
        .text(login.authrole())
        .text(login.authmethod())
        .text(login.authprovider());
    optional(out, login.authextra());
    return out.text(login.seal()).instant(login.until()).toByteArray();
  }

  private static void optional(RecordOutput out, @Nullable String text) {
    out.octet(text == null ? 0 : 1);
    if (text != null) {
      out.text(text);
    }
  }

  /** Null for a layout of a later release: whoever it is proves itself again. */
  static @Nullable RememberedLogin decode(byte[] octets) {
    RecordInput in = new RecordInput(octets);
    if (in.octet() != LAYOUT) {
      return null;
    }
    return new RememberedLogin(
        in.text(),
        optional(in),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        optional(in),
        in.text(),
        in.instant());
  }

  private static @Nullable String optional(RecordInput in) {
    return in.octet() == 0 ? null : in.text();
  }
}
