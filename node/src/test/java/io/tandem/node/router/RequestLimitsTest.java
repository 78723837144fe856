package io.tandem.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.registry.match.UriIndex;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a realm admits of one request, and of all that a session asks for. */
class RequestLimitsTest {

  private static final String LONGEST = "a".repeat(1024);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[32,N,{},'URI']",
        "[32,N,{'match':'prefix'},'URI']",
        "[32,N,{'match':'wildcard'},'URI']",
        "[64,N,{},'URI']",
        "[64,N,{'match':'prefix'},'URI']",
        "[48,N,{},'URI']",
        "[16,N,{'acknowledge':true},'URI']"
      })
  void longerUriIsInvalidAndNotQuoted(String request) {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      for (String uri : List.of(LONGEST + "b", "\u20ac".repeat(342), "\ud83d\ude00".repeat(257))) {
        alice.says(request.replace("N", "" + alice.next()).replace("URI", uri));
        assertThat(alice.hears())
            .singleElement()
            .asString()
            .endsWith("{},'wamp.error.invalid_uri',['a URI longer than 1024 octets']]");
      }
    }
  }

  @Test
  void longestUriIsTaken() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      for (String uri : List.of(LONGEST, "\u20ac".repeat(341), "\ud83d\ude00".repeat(256))) {
        alice.subscribes(uri);
        alice.registers(uri);
      }
    }
  }

  @Test
  void urisOfASessionMayHaveSoManyCharactersInAll() {
    try (World world = new World(1, realm -> realm.maxSubscriptions = 1_000)) {
      TestClient alice = world.join(0);
      for (int i = 0; i < 125; i++) {
        alice.subscribes("a".repeat(1020) + (100 + i));
      }
      String further = "a".repeat(1021) + "xx";
      alice.says("[32," + alice.next() + ",{},'" + further + "']");
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .contains("wamp.error.not_authorized", "may have 128000 characters");
      alice.says("[32," + alice.next() + ",{},'" + "b" + "']");
      assertThat(alice.hears()).singleElement().asString().startsWith("[33,");
    }
  }

  @Test
  void whatIsGivenBackMakesRoom() {
    try (World world = new World(1, realm -> realm.maxSubscriptions = 1)) {
      TestClient alice = world.join(0);
      for (int i = 0; i < 70; i++) {
        long subscription = alice.subscribes("a".repeat(1000) + i);
        alice.says("[34," + alice.next() + "," + subscription + "]");
        assertThat(alice.hears()).singleElement().asString().startsWith("[35,");
      }
    }
  }

  @Test
  void wildcardsOfASessionStandInSoManyWays() {
    try (World world = new World(1, realm -> realm.maxWildcardShapes = 2)) {
      TestClient alice = world.join(0);
      long first = alice.subscribes("a..", "wildcard");
      alice.subscribes("b..", "wildcard");
      alice.subscribes(".b.", "wildcard");
      alice.says("[32," + alice.next() + ",{'match':'wildcard'},'..c']");
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .contains("wamp.error.not_authorized", "at most 2 ways in a session's subscriptions");
      alice.registers("a..", "'match':'wildcard'");
      alice.registers(".b.", "'match':'wildcard'");
      alice.says("[64," + alice.next() + ",{'match':'wildcard'},'..c']");
      assertThat(alice.hears()).singleElement().asString().contains("wamp.error.not_authorized");
      alice.says("[34," + alice.next() + "," + first + "]");
      alice.hears();
      alice.says("[32," + alice.next() + ",{'match':'wildcard'},'..c']");
      assertThat(alice.hears()).singleElement().asString().contains("not_authorized");
    }
  }

  @Test
  void prefixesOfASessionHaveSoManyLengths() {
    try (World world = new World(1, realm -> realm.maxSubscriptions = 1_000)) {
      TestClient alice = world.join(0);
      long first = 0;
      for (int length = 1; length <= 128; length++) {
        first = alice.subscribes("a".repeat(length), "prefix");
        alice.subscribes("b".repeat(length), "prefix");
      }
      String further = ",{'match':'prefix'},'" + "a".repeat(129) + "']";
      alice.says("[32," + alice.next() + further);
      assertThat(alice.hears())
          .singleElement()
          .asString()
          .contains("wamp.error.not_authorized", "a session's subscriptions may have 128 lengths");
      alice.says("[34," + alice.next() + "," + first + "]");
      alice.hears();
      alice.says("[32," + alice.next() + further);
      assertThat(alice.hears()).singleElement().asString().contains("not_authorized");
      alice.subscribes("a".repeat(129));
    }
  }

  @Test
  void sessionsTogetherMakeNoMatchDearerThanSoManyShapesDo() {
    try (World world = new World(2, realm -> realm.maxWildcardShapes = 10)) {
      int taken = 0;
      for (int bits = 0; bits < 128; bits++) {
        if (bits % 10 == 0) {
          world.join(bits / 10 % 2);
        }
        TestClient newest = world.clients.get(world.clients.size() - 1);
        int shape = bits;
        String pattern =
            IntStream.range(0, 7)
                .mapToObj(i -> (shape >> i & 1) == 0 ? "" : "a")
                .collect(Collectors.joining("."));
        newest.says("[64," + newest.next() + ",{'match':'wildcard'},'" + pattern + "']");
        String answer = newest.hears().get(0);
        if (answer.startsWith("[65,")) {
          taken++;
        } else {
          assertThat(answer).contains("wamp.error.not_authorized");
        }
      }
      assertThat(taken).isEqualTo(UriIndex.MAX_SHAPES);
      world.join(0).registers("some.other.number.of.components.is.not.concerned");
    }
  }

  @Test
  void requestWithTooManyOptionsIsRefusedAndTheSessionGoesOn() {
    try (World world = new World(1)) {
      TestClient alice = world.join(0);
      String ids =
          IntStream.range(0, 5_000).mapToObj(String::valueOf).collect(Collectors.joining(","));
      alice.says("[16,1,{'acknowledge':true,'eligible':[" + ids + "]},'com.a']");
      assertThat(alice.hears())
          .containsExactly(
              "[8,16,1,{},'wamp.error.option_not_allowed',['the options are too many, or too"
                  + " long']]");
      alice.says("[16,2,{'exclude':[" + ids + "]},'com.a']");
      assertThat(alice.hears()).isEmpty();
      assertThat(world.dropped(RouterMetrics.Drop.PUBLICATION_REFUSED)).isEqualTo(1);
      String hops =
          IntStream.range(0, 1_000)
              .mapToObj(i -> "{'session':1,'authid':'a','authrole':'b'}")
              .collect(Collectors.joining(","));
      for (String request :
          List.of(
              "[48,3,{'forward_for':[" + hops + "]},'com.a']",
              "[64,4,{'forward_for':[" + hops + "]},'com.a']",
              "[32,5,{'forward_for':[" + hops + "]},'com.a']",
              "[48,6,{'ppt_scheme':'x_" + "y".repeat(70_000) + "'},'com.a']")) {
        alice.says(request);
        assertThat(alice.hears()).singleElement().asString().contains("option_not_allowed");
      }
      alice.subscribes("com.a");
    }
  }

  @Test
  void sessionThatAsksTheRegistryForMuchIsHeldUntilHalfIsAnswered() {
    try (World world = new World(1, realm -> realm.maxSubscriptions = 1_000)) {
      TestClient alice = world.join(0);
      world.pause();
      for (int i = 0; i < 600; i++) {
        alice.says("[32," + alice.next() + ",{},'com.topic" + i + "']");
      }
      world.turnOf(alice);
      assertThat(alice.holds).isPositive();
      assertThat(alice.session().subscriptionsHeld).extracting("count").isEqualTo(256);
      world.resume();
      assertThat(alice.holds).isZero();
      assertThat(alice.hears()).hasSize(600);
    }
  }
}
