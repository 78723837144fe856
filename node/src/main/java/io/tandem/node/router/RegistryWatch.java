package io.tandem.node.router;

import io.tandem.registry.Resource;

/**
 * Is told what becomes of the subscriptions, or of the registrations, of a realm by what the
 * sessions of one lane do. Called on the lane, in the middle of what broker and dealer do there.
 *
 * @param <R> the record of one of them
 */
public interface RegistryWatch<R> {

  /** One begins: it is the first time that anybody in the cluster wants it. */
  void created(long session, Resource resource, R record);

  /** A session is a subscriber, or a callee, from now on. */
  void joined(long session, Resource resource, long id);

  /** It is one no more. */
  void left(long session, Resource resource, long id);

  /**
   * One is gone: nobody in the cluster is left who wants it.
   *
   * @param session that was the last; 0 where nobody knows
   */
  void deleted(long session, Resource resource, long id);

  /** Tells nobody. */
  static <R> RegistryWatch<R> untold() {
    return new RegistryWatch<>() {
      @Override
      public void created(long session, Resource resource, R record) {}

      @Override
      public void joined(long session, Resource resource, long id) {}

      @Override
      public void left(long session, Resource resource, long id) {}

      @Override
      public void deleted(long session, Resource resource, long id) {}
    };
  }
}
