package io.tandem.node.meta;

import io.tandem.node.router.Router;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.SharedTurn;
import io.tandem.registry.SubscriptionRecord;
import io.tandem.registry.record.SharedRecords;

/** What all lanes of a node look things up in: each is read once at a time. Any thread. */
record Surveys(
    SharedTurn<Roll, Roll> sessions,
    Survey<SubscriptionRecord> subscriptions,
    Survey<RegistrationRecord> registrations) {

  static Surveys of(Router router) {
    SharedRecords record = router.registry().record();
    return new Surveys(
        new SharedTurn<>(
            Roll::new, roll -> router.sessions().forEach(roll::add).thenApply(read -> roll)),
        SubscriptionMeta.survey(record),
        RegistrationMeta.survey(record));
  }
}
