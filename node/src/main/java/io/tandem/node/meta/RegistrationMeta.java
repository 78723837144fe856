package io.tandem.node.meta;

import io.tandem.node.local.LocalClient;
import io.tandem.node.router.Lane;
import io.tandem.node.router.Realm;
import io.tandem.node.router.RegistryWatch;
import io.tandem.protocol.uri.WampUri;
import io.tandem.protocol.wire.Payload;
import io.tandem.registry.Callee;
import io.tandem.registry.RealmRegistry;
import io.tandem.registry.Registration;
import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.record.SharedRecords;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The registration meta API of one realm, for the clients of one lane: what is registered in the
 * whole cluster, and what becomes of what the lane's sessions register. Belongs to its lane.
 */
final class RegistrationMeta {

  private static final RegistryNews.Topics TOPICS =
      new RegistryNews.Topics(
          "wamp.registration.on_create",
          "wamp.registration.on_register",
          "wamp.registration.on_unregister",
          "wamp.registration.on_delete");

  private final RealmRegistry table;
  private final RegistryMeta<RegistrationRecord> meta;
  private final RegistryNews<RegistrationRecord> news;

  RegistrationMeta(Lane lane, Realm realm, LocalClient client, Survey<RegistrationRecord> survey) {
    this.table = lane.router().tables().realm(realm.name());
    this.meta =
        new RegistryMeta<>(
            client,
            realm.name(),
            "registration",
            WampUri.NO_SUCH_REGISTRATION,
            survey,
            RegistrationMeta::details);
    this.news = new RegistryNews<>(lane, realm, client, TOPICS, RegistrationMeta::details);
  }

  static Survey<RegistrationRecord> survey(SharedRecords record) {
    return new Survey<>(
        new Survey.Source<>() {
          @Override
          public CompletionStage<@Nullable RegistrationRecord> read(Resource resource) {
            return record.registration(resource);
          }

          @Override
          public CompletionStage<?> forEach(BiConsumer<Resource, RegistrationRecord> visitor) {
            return record.forEachRegistration(visitor);
          }

          @Override
          public long id(RegistrationRecord registration) {
            return registration.id();
          }
        });
  }

  /** Is told what the lane's sessions register. */
  RegistryWatch<RegistrationRecord> news() {
    return news;
  }

  /** Knows them by their IDs. */
  RegistryMeta<RegistrationRecord> meta() {
    return meta;
  }

  /** Begins to answer. */
  CompletionStage<?> open() {
    return RegistryMeta.all(
        meta.open(),
        meta.offer("match", this::match),
        meta.offer("list_callees", this::callees),
        meta.offer("count_callees", this::count));
  }

  /** As META-REG-01 has it. */
  private static Map<String, Object> details(Resource resource, RegistrationRecord record) {
    Map<String, Object> details = RegistryMeta.details(resource, record.id(), record.created());
    details.put("invoke", record.policy().wireName());
    return details;
  }

  /** The one that a call would use now, from here; to {@code wamp.} none of them (META-05). */
  private CompletionStage<Payload> match(Arguments arguments) {
    String procedure = arguments.string(0, "URI");
    Registration used = WampUri.isReserved(procedure) ? null : table.procedure(procedure);
    return CompletableFuture.completedFuture(Results.of(used == null ? null : used.id()));
  }

  private CompletionStage<Payload> callees(Arguments arguments) {
    return meta.found(arguments)
        .thenApply(
            found -> Results.of(found.record().callees().stream().map(Callee::session).toList()));
  }

  private CompletionStage<Payload> count(Arguments arguments) {
    return meta.found(arguments).thenApply(found -> Results.of(found.record().callees().size()));
  }
}
