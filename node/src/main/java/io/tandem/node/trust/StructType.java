package io.tandem.node.trust;

import static io.tandem.node.trust.MemberType.STRING;

import io.tandem.node.credentials.Hashes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A type of typed data (EIP-712): what has its members is hashed, and what is signed is that hash.
 * Immutable.
 */
final class StructType {

  /** Something that each of the type has. */
  record Member(String name, MemberType type) {}

  /** Before the hashes, so that nothing else can be meant that keys of Ethereum sign. */
  private static final byte[] PREFIX = {0x19, 0x01};

  private static final String DOMAIN = "EIP712Domain";

  /** To which all certificates of WAMP belong. */
  private static final Map<String, Object> WAMP = Map.of("name", "WMP", "version", "1");

  private static final StructType DOMAIN_TYPE =
      new StructType(DOMAIN, List.of(new Member("name", STRING), new Member("version", STRING)));

  private static final byte[] DOMAIN_HASH = DOMAIN_TYPE.hash(WAMP);

  private final String title;
  private final List<Member> members;

  private StructType(String title, List<Member> members) {
    this.title = title;
    this.members = members;
  }

  static StructType of(String title, Member... members) {
    return new StructType(title, List.of(members));
  }

  /**
   * The members of what a client shows as typed data of this type.
   *
   * @param shown which has to say of itself that it is: it is hashed as that, whatever it says
   * @return null where it is something else, lacks a member or has others, which nobody would have
   *     signed
   */
  @Nullable Map<String, Object> read(@Nullable Object shown) {
    if (!(shown instanceof Map<?, ?> data)
        || !title.equals(data.get("primaryType"))
        || !WAMP.equals(data.get("domain"))
        || !Map.of(DOMAIN, DOMAIN_TYPE.described(), title, described()).equals(data.get("types"))
        || !(data.get("message") instanceof Map<?, ?> message)
        || message.size() != members.size()) {
      return null;
    }
    Map<String, Object> values = new HashMap<>();
    for (Member member : members) {
      Object value = member.type().read(message.get(member.name()));
      if (value == null) {
        return null;
      }
      values.put(member.name(), value);
    }
    return values;
  }

  /** As typed data describes its types. */
  private List<Map<String, String>> described() {
    return members.stream()
        .map(member -> Map.of("name", member.name(), "type", member.type().title()))
        .toList();
  }

  /** What is signed of something with these members. */
  byte[] signed(Map<String, Object> values) {
    return Ethereum.keccak(PREFIX, DOMAIN_HASH, hash(values));
  }

  private byte[] hash(Map<String, Object> values) {
    String encoded =
        members.stream()
            .map(member -> member.type().title() + " " + member.name())
            .collect(Collectors.joining(",", title + "(", ")"));
    byte[][] words = new byte[1 + members.size()][];
    words[0] = Ethereum.keccak(Hashes.utf8(encoded));
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      words[1 + i] = member.type().word(Objects.requireNonNull(values.get(member.name())));
    }
    return Ethereum.keccak(words);
  }
}
