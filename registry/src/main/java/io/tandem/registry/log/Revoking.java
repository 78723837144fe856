package io.tandem.registry.log;

/** Takes registrations back from the sessions of one lane. Any thread. */
@FunctionalInterface
public interface Revoking {

  /** The session is no callee of this registration any more, if it still was. */
  void revoke(String realm, long session, long registration);
}
