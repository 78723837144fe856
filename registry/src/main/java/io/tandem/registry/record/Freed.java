package io.tandem.registry.record;

import io.tandem.registry.Resource;
import io.tandem.registry.sessions.SessionDetails;
import io.tandem.registry.testaments.Will;

/** What a node held that is gone, as the node learns of it that has taken it out of the record. */
public sealed interface Freed {

  /** Whose clients may be told. */
  String realm();

  /** The same for whatever has to be told in order. */
  long topic();

  /** A session is over, and leaves this; told before that it is over. */
  record Inheritance(Will will) implements Freed {
    @Override
    public String realm() {
      return will.testator().realm();
    }

    @Override
    public long topic() {
      return will.testator().session();
    }
  }

  /** A session is over. */
  record Session(SessionDetails details) implements Freed {
    @Override
    public String realm() {
      return details.realm();
    }

    @Override
    public long topic() {
      return details.session();
    }
  }

  /**
   * A session is no callee any more.
   *
   * @param isLast whether the registration is gone with it
   */
  record Callee(Resource resource, long registration, long session, boolean isLast)
      implements Freed {
    @Override
    public String realm() {
      return resource.realm();
    }

    @Override
    public long topic() {
      return registration;
    }
  }

  /** A subscription is gone: no other node had subscribers. Who they were, nobody knows. */
  record Subscription(Resource resource, long subscription) implements Freed {
    @Override
    public String realm() {
      return resource.realm();
    }

    @Override
    public long topic() {
      return subscription;
    }
  }
}
