package io.tandem.client;

/** A procedure offered by a session, in force until unregistered or until the session ends. */
public final class Registration {

  private final long id;
  private final String procedure;
  private final ProcedureHandler handler;

  Registration(long id, String procedure, ProcedureHandler handler) {
    this.id = id;
    this.procedure = procedure;
    this.handler = handler;
  }

  /** The router's ID of it. */
  public long id() {
    return id;
  }

  /** The URI or pattern. */
  public String procedure() {
    return procedure;
  }

  ProcedureHandler handler() {
    return handler;
  }
}
