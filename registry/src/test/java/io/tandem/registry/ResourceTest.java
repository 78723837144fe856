package io.tandem.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.uri.MatchPolicy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Resources as keys, when their URIs are made to be slow. */
class ResourceTest {

  /** Without an order among them these would take an hour. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void resourcesOfOneHashCodeAreFoundInTimeThatIsNotQuadratic() {
    List<Resource> colliding = colliding(18);
    assertThat(colliding.stream().limit(1_000).map(Resource::hashCode).distinct()).hasSize(1);
    for (Map<Resource, Integer> map :
        List.of(new HashMap<Resource, Integer>(), new ConcurrentHashMap<Resource, Integer>())) {
      for (int i = 0; i < colliding.size(); i++) {
        map.put(colliding.get(i), i);
      }
      for (int i = 0; i < colliding.size(); i++) {
        assertThat(map.remove(colliding.get(i))).isEqualTo(i);
      }
      assertThat(map).isEmpty();
    }
  }

  @Test
  void orderTellsApartWhateverDiffers() {
    Resource resource = new Resource("realm1", MatchPolicy.EXACT, "com.a");
    assertThat(resource).isEqualByComparingTo(new Resource("realm1", MatchPolicy.EXACT, "com.a"));
    for (Resource other :
        List.of(
            new Resource("realm2", MatchPolicy.EXACT, "com.a"),
            new Resource("realm1", MatchPolicy.PREFIX, "com.a"),
            new Resource("realm1", MatchPolicy.EXACT, "com.b"))) {
      assertThat(resource).isLessThan(other);
      assertThat(other).isGreaterThan(resource);
    }
  }

  /** 2^n resources whose URIs have one hash code. */
  private static List<Resource> colliding(int n) {
    List<String> uris = List.of("");
    for (int i = 0; i < n; i++) {
      uris = uris.stream().flatMap(uri -> List.of(uri + "Aa", uri + "BB").stream()).toList();
    }
    return uris.stream().map(uri -> new Resource("realm1", MatchPolicy.EXACT, uri)).toList();
  }
}
