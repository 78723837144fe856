package io.tandem.node.trust;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.Locale;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EthereumTest {

  private static final BigInteger ORDER = CustomNamedCurves.getByName("secp256k1").getN();
  private static final byte[] HASH = new ShownChain().signed(0);
  private static final String SIGNATURE = ShownChain.SIGNATURES.get(0);
  private static final Address SIGNER = requireNonNull(Address.of(ShownChain.PUMP));

  private static Address signer(String signature) {
    return Ethereum.signer(HASH, HexFormat.of().parseHex(signature));
  }

  private static String signature(BigInteger r, BigInteger s, String which) {
    return "%064x%064x%s".formatted(r, s, which);
  }

  private static BigInteger r() {
    return new BigInteger(SIGNATURE.substring(0, 64), 16);
  }

  private static BigInteger s() {
    return new BigInteger(SIGNATURE.substring(64, 128), 16);
  }

  @Test
  void signatureTellsItsSigner() {
    assertThat(signer(SIGNATURE)).isEqualTo(SIGNER);
    assertThat(Ethereum.signer(new byte[32], HexFormat.of().parseHex(SIGNATURE)))
        .as("of something else")
        .isNotEqualTo(SIGNER);
  }

  /** As Autobahn does; that one signature has two forms is no harm where it names nothing. */
  @Test
  void bothValuesOfSAreTaken() {
    assertThat(SIGNATURE).endsWith("1c");
    assertThat(signer(signature(r(), ORDER.subtract(s()), "1b"))).isEqualTo(SIGNER);
    assertThat(signer(signature(r(), s(), "1b"))).as("the other key").isNotEqualTo(SIGNER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "01", "1a", "1d", "1e", "ff"})
  void whichKeyItIsCannotBeAnythingElse(String which) {
    assertThat(signer(SIGNATURE.substring(0, 128) + which)).isNull();
  }

  @Test
  void scalarsOutsideOfTheirRangeSignNothing() {
    for (BigInteger none : new BigInteger[] {BigInteger.ZERO, ORDER, ORDER.add(BigInteger.ONE)}) {
      assertThat(signer(signature(none, s(), "1c"))).isNull();
      assertThat(signer(signature(r(), none, "1c"))).isNull();
    }
  }

  /** x = 5 is on no point of the curve. */
  @Test
  void pointThatIsNotOnTheCurveSignsNothing() {
    assertThat(signer(signature(BigInteger.valueOf(5), s(), "1b"))).isNull();
  }

  /** A key that nobody can have: with s and r so chosen that nothing is left of it. */
  @Test
  void pointAtInfinityIsNobodysKey() {
    // R = G, so that s * R - hash * G is nothing for s = hash.
    BigInteger x =
        CustomNamedCurves.getByName("secp256k1")
            .getG()
            .normalize()
            .getAffineXCoord()
            .toBigInteger();
    BigInteger hash = new BigInteger(1, HASH).mod(ORDER);
    assertThat(signer(signature(x, hash, "1b"))).isNull();
  }

  /** The examples of EIP-55. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"
      })
  void addressIsWrittenSoThatMistakesShow(String address) {
    assertThat(Address.of(address.toLowerCase(Locale.ROOT))).hasToString(address);
    assertThat(Address.of(address)).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg"
      })
  void whatIsNoAddressIsNone(String text) {
    assertThat(Address.of(text)).isNull();
  }
}
