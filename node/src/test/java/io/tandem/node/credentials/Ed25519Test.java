package io.tandem.node.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.testing.Conformance;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519Test {

  private static final HexFormat HEX = HexFormat.of();

  private static final byte[] CHANNEL =
      HEX.parseHex("62e935ae755f3d48f80d4d59f6121358c435722a67e859cc0caa8b539027f2ff");

  static Stream<Arguments> knownAnswers() {
    return Stream.of(
        Arguments.of(
            "1adfc8bfe1d35616e64dffbd900096f23b066f914c8c2ffbb66f6075b96e116d",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "b32675b221f08593213737bef8240e7c15228b07028e19595294678c90d11c0c"
                + "ae80a357331bfc5cc9fb71081464e6e75013517c2cf067ad566a6b7b728e5d03"
                + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "9b6f41540c9b95b4b7b281c3042fa9c54cef43c842d62ea3fd6030fcb66e70b3"
                + "e80d49d44c29d1635da9348d02ec93f3ed1ef227dfb59a07b580095c2b82f80f"
                + "9d16ca518aa0c2b707f2b2a609edeca73bca8dd59817a633f35574ac6fd80d00"),
        Arguments.of(
            "6ed32739ff04a6074044ff0b0e3bfc7c856bc9d5f1d25efc57363bda0af3a8b0",
            "b26c1f87c13fc1da14997f1b5a71995dff8fbe0a62fae8473c7bdbd05bfb607d",
            "d4209ad10d5aff6bfbc009d7e924795de138a63515efc7afc6b01b7fe5201372"
                + "190374886a70207b042294af5bd64ce725cd8dceb344e6d11c09d1aaaf4d660f"
                + "b26c1f87c13fc1da14997f1b5a71995dff8fbe0a62fae8473c7bdbd05bfb607d",
            "305aaa3ac25e98f651427688b3fc43fe7d8a68a7ec1d7d61c61517c519bd4a42"
                + "7c3015599d83ca28b4c652333920223844ef0725eb5dc2febfd6af7677b73f01"
                + "d0852a29b460fc92ec943242ac638a053bbacc200512b18b30d15083cbdc9282"),
        Arguments.of(
            "28e11f427b82b9a625ee7ac89a7d29326b505f2dc11dd88c1245f83b6da79a85",
            "b05e6b8ad4d69abf74aa3be3c0ee40ae07d66e1895b9ab09285a2f1192d562d2",
            "7beb282184baadd08f166f16dd683b39cab53816ed81e6955def951cb2ddad1e"
                + "c184e206746fd82bda075af03711d3d5658fc84a76196b0fa8d1ebc92ef9f30b"
                + "b05e6b8ad4d69abf74aa3be3c0ee40ae07d66e1895b9ab09285a2f1192d562d2",
            "ee3c7644fd8070532bc1fde3d70d742267da545d8c8f03e63bda63f1ad4214f4"
                + "d2c4bfdb4eb9526def42deeb7e31602a6ff99eba893e0a4ad4d45892ca75e608"
                + "d2b75e24a189a7f78ca776ba36fc53f6c3e31c32f251f2c524f0a44202f2902d"));
  }

  /** Those of the catalogue: a signature, then the octets that it signs. */
  @ParameterizedTest
  @MethodSource("knownAnswers")
  @Conformance({"AUTH-CS-06", "AUTH-CS-07"})
  void knownAnswersAreKnown(String key, String challenge, String unbound, String bound) {
    byte[] message = HEX.parseHex(challenge);
    assertThat(unbound).endsWith(challenge);
    assertVerifies(key, message, unbound);
    for (int i = 0; i < message.length; i++) {
      message[i] ^= CHANNEL[i];
    }
    assertThat(bound).endsWith(HEX.formatHex(message));
    assertVerifies(key, message, bound);
  }

  private static void assertVerifies(String key, byte[] message, String signed) {
    PublicKey decoded = Objects.requireNonNull(Ed25519.key(HEX.parseHex(key)));
    byte[] signature = Arrays.copyOf(HEX.parseHex(signed), Ed25519.SIGNATURE_LENGTH);
    assertThat(Ed25519.verifies(decoded, message, signature)).isTrue();
    for (int i = 0; i < signature.length; i++) {
      byte[] broken = signature.clone();
      broken[i] ^= 1;
      assertThat(Ed25519.verifies(decoded, message, broken)).as("octet %d", i).isFalse();
    }
    byte[] other = message.clone();
    other[0] ^= 1;
    assertThat(Ed25519.verifies(decoded, other, signature)).isFalse();
    assertThat(Ed25519.verifies(decoded, message, new byte[0])).isFalse();
    assertThat(Ed25519.verifies(decoded, message, new byte[64])).isFalse();
  }

  /** Under such a key anybody's signature of something can be made up; and what is no point. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "0200000000000000000000000000000000000000000000000000000000000000"
      })
  void whatProvesNothingIsNoKey(String octets) {
    assertThat(Ed25519.key(HEX.parseHex(octets))).isNull();
  }

  @Test
  void keyOfRfc8032IsOne() {
    assertThat(
            Ed25519.key(
                HEX.parseHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")))
        .isNotNull();
  }
}
