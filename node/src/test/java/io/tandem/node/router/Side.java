package io.tandem.node.router;

import io.tandem.registry.RegistrationRecord;
import io.tandem.registry.Resource;
import io.tandem.registry.SubscriptionRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Members that agree on one view, and their copy of the shared record. As a rule there is one; a
 * partition makes two, each with the members that the other side has removed.
 */
final class Side {

  /** The members in the order of age, those included that are gone and not removed yet. */
  final List<VirtualLife> view = new ArrayList<>();

  final Map<Resource, SubscriptionRecord> subscriptions = new LinkedHashMap<>();
  final Map<Resource, RegistrationRecord> registrations = new LinkedHashMap<>();

  /** Grows with each change of the view. */
  int version = 1;

  /** When it may next look for another side to merge with. */
  long nextMerge;

  /** The side of members that were removed from this one: they still believe in the old view. */
  Side rest(Set<VirtualLife> members) {
    Side rest = new Side();
    rest.view.addAll(view);
    rest.version = version;
    rest.subscriptions.putAll(subscriptions);
    rest.registrations.putAll(registrations);
    members.forEach(member -> member.side = rest);
    return rest;
  }

  /** The members that are really here. */
  List<VirtualLife> present() {
    return view.stream().filter(life -> life.side == this && !life.dead).toList();
  }

  /** The oldest one, which decides; it may be frozen. */
  @Nullable VirtualLife master() {
    List<VirtualLife> present = present();
    return present.isEmpty() ? null : present.get(0);
  }

  /** Who keeps the record of a resource, as far as the members know. */
  VirtualLife owner(Resource resource) {
    int hash = resource.uri().hashCode() * 31 + resource.match().wireName().hashCode();
    return view.get(Math.floorMod(hash, view.size()));
  }
}
