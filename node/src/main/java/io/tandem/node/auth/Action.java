package io.tandem.node.auth;

/** What needs a permission (AZ-01); nothing else does (AZ-06). */
public enum Action {
  REGISTER,
  CALL,
  SUBSCRIBE,
  PUBLISH
}
