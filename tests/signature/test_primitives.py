"""Known answers of the primitives. Every block names its source."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esoz.signature import Unreadable, Unsupported, curves, dstu4145, gost34311, kupyna, oids
from esoz.signature.curves import Curve
from esoz.signature.gost28147 import cipher
from esoz.signature.halving import Halving
from esoz.signature.point import INFINITY, Point, Projective


def message(size: int) -> bytes:
    """The message of the known answers: byte i is (7i + 3) mod 256."""
    return bytes((i * 7 + 3) & 255 for i in range(size))


def little(text: str) -> int:
    return int.from_bytes(bytes.fromhex(text), "little")


def times(curve: Curve, k: int, point: Point) -> Projective:
    """k·point by doubling and adding, bit by bit."""
    total = INFINITY
    for bit in bin(k)[2:]:
        total = curve.double(total)
        if bit == "1":
            total = curve.add(total, point)
    return total


def outside(curve: Curve) -> Point:
    """A point of the order 2n: the base point plus the point (0, √b) of order two."""
    root = curve.b
    for _ in range(curve.field.m - 1):
        root = curve.field.square(root)
    return curve.to_affine([curve.add((*curve.base, 1), (0, root))])[0]


class TestGost34311:
    """Values computed by two independent implementations (UAPKI 2.0.16 and a Python one) with S-box DKE 1."""

    @pytest.mark.parametrize(
        ("size", "digest"),
        [
            (0, "da37bdf41145e39e34111775b40646e8059c2e969c1460bb98abccb26f0f76a5"),
            (1, "25bcf29d30b964535bd9912ec56461b0134f6f3e8aa61cf289eaeb83e7a163c5"),
            (31, "18cb32a154897433e0c077cc0d0a878506fbaf5e7c81af43623c81ca69274c26"),
            (32, "53c77ca22e84a20d038c9efad7464aea29ee9c8320dd1565d2d205865ea33aa0"),
            (33, "e3b3d7f0b052a4287ab83c7bcf6fe84ebfca9b3006bfecb8f092bd50aebeb479"),
            (64, "3c32154a02926d3c4584ffdfbc2d2526df12d2b5861527720e51a2b0716deb13"),
            (65, "c2071e23adbf51e2040f4fd1bf5158c7d38f957392aa38b26a3decfd54f73bbd"),
            (1000, "f2b0ebe7695fba8b4b8de998675b9ca9023d47eb8718c23d02de4145f3eb30fb"),
        ],
    )
    def test_digest_with_default_sbox_equals_known(self, size: int, digest: str) -> None:
        assert gost34311.digest(message(size)).hex() == digest

    def test_digest_with_old_sbox_equals_known(self) -> None:
        """The second S-box that old centres used; the value was checked by seven real certificates."""
        sbox = bytes.fromhex(
            "4a92d80e6b1c7f53eb4c6dfa23810759581da342efc7609b7da1089fe46cb253"
            "6c715fd84a9e03b24ba0721d36859cfedb413f590ae7682c1fd057a4923e6b8c"
        )
        known = "d4026116522e5187d5d785a136f27f070c01a2b783f8db461c1f6768da6a2db5"
        assert gost34311.digest(message(100), sbox).hex() == known

    def test_pbkdf2_equals_known(self) -> None:
        """From an implementation that opens key files made by IIT, UAPKI and jkurwa."""
        known = "4221f6845b4c7eec845f14b2a3ea53162fdbb398fe43b8a7f938132143acb8b5"
        assert gost34311.pbkdf2(b"password", bytes(range(32)), 100).hex() == known


class TestKupyna:
    """Values computed by UAPKI 2.0.16 and, for 256 and 512 bits, by dstu-core."""

    @pytest.mark.parametrize(
        ("bits", "size", "digest"),
        [
            (256, 1, "fad56475c176cb7cd8eafb96a7943d5fe319d82152646ba1f1dce6a393554634"),
            (256, 63, "0a7ee8749a3122de81cdc498bbdfff55f1cfcb3efcf3b5516f9d0a82b640d491"),
            (256, 1000, "8ed578b70214ea8b66dff584eb99ebbd16c34fc6a82d0d5d4efc1c68e6465054"),
            (
                384,
                65,
                "d9a232c9511caebf06087aa1464549e633bf926b4c64ed2c54268f3724fe62fbec09caeb7852a2b91570b59c8d2843a2",
            ),
            (
                512,
                1000,
                "00697cfd5cb6482f0b016662d261b0678a531cba0d0d2cd65908428dc0dae455"
                "010f5c7643a60207705396dd3613957a5b58d4895f5c643958c7bc9131c8022f",
            ),
        ],
    )
    def test_digest_equals_known(self, bits: int, size: int, digest: str) -> None:
        assert kupyna.digest(message(size), bits).hex() == digest


class TestGost28147:
    """Values of an implementation that opens real IIT containers, whose MAC it checks."""

    KEY = bytes(range(32))

    def test_substitution_mode_equals_known_both_ways(self) -> None:
        plain, known = message(16), bytes.fromhex("8b26ca6066d05ef64620bd8bad6dc127")
        assert cipher().encrypt_ecb(self.KEY, plain) == known
        assert cipher().decrypt_ecb(self.KEY, known) == plain

    def test_feedback_mode_equals_known_both_ways(self) -> None:
        plain, known = message(20), bytes.fromhex("882cdb7879f673c27f3d6d26e3e19c7edc773719")
        assert cipher().encrypt_cfb(self.KEY, message(8), plain) == known
        assert cipher().decrypt_cfb(self.KEY, message(8), known) == plain

    def test_mac_equals_known(self) -> None:
        assert cipher().mac(self.KEY, message(24)).hex() == "e07a6d0a"


class TestDstu4145:
    def test_example_of_the_standard_verifies(self) -> None:
        """DSTU 4145-2002, annex B: m=163 with a base point of its own."""
        usual = curves.named(0)
        base = (0x72D867F93A93AC27DF9FF01AFFE74885C8C540420, 0x224A9C3947852B97C5599D5F4AB81122ADC3FD9B)
        curve = Curve(usual.field, usual.a, usual.b, usual.order, base)
        public = dstu4145.public_key(curve, little("3e5a9b1c0c7973d0f89371d647ff5179df0ff68301"))
        assert public == (
            little("dac2bd4af69cb7e45c78acb69c92ff23e0fde77d05"),
            little("aab9320577345f7badf6ab85ad06cf4b324454e803"),
        )
        digest = bytes.fromhex("ff4722f5aeed76eb2e5373df6d1680715bb92e3a8886e4ae9a0c917742c4c909")
        r, s = "a7088d06937ade9af524a4800d4a01aa0c2cea7402", "ca5a61b332a3d65b0f238c8e2b83317395860d1002"
        assert dstu4145.verify(curve, public, digest, bytes.fromhex(r + s))
        assert not dstu4145.verify(curve, public, digest[::-1], bytes.fromhex(r + s))

    @pytest.mark.parametrize("number", range(10))
    def test_named_curve_holds_its_base_point_of_its_order(self, number: int) -> None:
        """DSTU 4145-2002, annex G: n·P is the point at infinity."""
        curve = curves.named(number)
        assert curve.contains(curve.base)
        assert times(curve, curve.order, curve.base)[2] == 0
        assert curve.expand(curve.compress(curve.base)) == curve.base

    @pytest.mark.parametrize("number", range(10))
    def test_signature_on_every_named_curve_verifies_and_its_neighbour_does_not(self, number: int) -> None:
        curve = curves.named(number)
        secret = int.from_bytes(message(19), "big")
        public = dstu4145.public_key(curve, secret)
        digest = message(32)
        signature = dstu4145.sign(curve, secret, digest)
        assert dstu4145.verify(curve, public, digest, signature)
        assert not dstu4145.verify(curve, public, bytes((digest[0] ^ 1,)) + digest[1:], signature)
        assert not dstu4145.verify(curve, curve.negate(public), digest, signature)

    @pytest.mark.parametrize("number", ["", "²", "٦", "11", "-1"])
    def test_identifier_of_no_curve_is_unsupported(self, number: str) -> None:
        with pytest.raises(Unsupported):
            curves.by_oid(f"{oids.DSTU_4145_CURVES}.{number}")

    @pytest.mark.parametrize("signature", [b"", b"\1", bytes(64), b"\1" + bytes(63), b"\xff" * 64])
    def test_signature_out_of_range_is_refused(self, signature: bytes) -> None:
        curve = curves.named(6)
        assert not dstu4145.verify(curve, curve.base, message(32), signature)


class TestField:
    FIELDS = st.sampled_from([curves.named(number).field for number in (0, 6, 9)])

    @settings(max_examples=60, deadline=None)
    @given(FIELDS, st.integers(min_value=1), st.integers(min_value=0), st.integers(min_value=0))
    def test_laws_of_a_field_hold(self, field, a: int, b: int, c: int) -> None:
        mask = (1 << field.m) - 1
        a, b, c = (a * 0x9E3779B97F4A7C15 & mask) or 1, b & mask, c & mask
        times = field.multiply
        assert times(a, b) == times(b, a)
        assert times(a, b ^ c) == times(a, b) ^ times(a, c)
        assert times(a, times(b, c)) == times(times(a, b), c)
        assert field.square(a) == times(a, a)
        assert times(a, field.invert(a)) == 1
        assert field.trace(field.square(b) ^ b) == 0

    def test_traces_are_the_sums_of_all_conjugates(self) -> None:
        field = curves.named(5).field
        for k in (0, 1, 2, 224, 232, 300):
            total = power = field.reduce(1 << k)
            for _ in range(field.m - 1):
                power = field.square(power)
                total ^= power
            assert total == field.traces(k + 1)[k] == field.trace(field.reduce(1 << k))


@pytest.mark.parametrize("number", range(10))
class TestHalving:
    def test_half_twice_is_the_point_on_every_named_curve(self, number: int) -> None:
        curve = curves.named(number)
        halves = Halving(curve.field, curve.a).halves(curve.base, 40)
        assert halves[0] == curve.base
        doubled = curve.to_affine([curve.double((*half, 1)) for half in halves[1:]])
        assert doubled == halves[:-1]
        assert times(curve, curve.order, halves[-1])[2] == 0

    def test_quadratic_equation_is_solved(self, number: int) -> None:
        curve = curves.named(number)
        field, halving = curve.field, Halving(curve.field, curve.a)
        for z in (1, 2, little(message(20).hex()), field.reduce(little(message(50).hex()))):
            assert halving.solve(field.square(z) ^ z) in (z, z ^ 1)

    def test_point_of_twice_the_order_is_refused(self, number: int) -> None:
        curve = curves.named(number)
        with pytest.raises(Unreadable):
            Halving(curve.field, curve.a).halves(outside(curve), 2)

    def test_sum_of_two_products_equals_that_by_doubling(self, number: int) -> None:
        curve = curves.named(number)
        other = curve.to_affine([times(curve, 5, curve.base)])[0]
        large, last = little(message(19).hex()) % curve.order, curve.order - 1
        for s, r in ((0, 1), (1, 0), (1, 1), (6, 3), (large, 0), (large, last), (last - large, large)):
            expected = times(curve, (s + 5 * r) % curve.order, curve.base)
            assert curve.to_affine([curve.combine(s, r, other)]) == curve.to_affine([expected])

    def test_sum_that_is_infinity_is_that(self, number: int) -> None:
        curve = curves.named(number)
        for s in (0, 1, 15, little(message(19).hex()) % curve.order):
            assert curve.combine(s, s, curve.negate(curve.base))[2] == 0


class TestExplicitCurve:
    USUAL = curves.named(6)
    PARAMETERS = ((257, 12), 0, USUAL.b.to_bytes(33, "little"), USUAL.order)

    def test_of_a_named_one_is_that_one(self) -> None:
        assert curves.explicit(*self.PARAMETERS, self.USUAL.compress(self.USUAL.base)) is self.USUAL

    def test_with_another_base_point_signs_and_verifies(self) -> None:
        base = self.USUAL.base_times(12345)
        curve = curves.explicit(*self.PARAMETERS, self.USUAL.compress(base))
        public = dstu4145.public_key(curve, 99)
        assert curve.base == base
        assert dstu4145.verify(curve, public, message(32), dstu4145.sign(curve, 99, message(32)))

    def test_with_a_base_point_of_another_order_is_refused(self) -> None:
        with pytest.raises(Unreadable):
            curves.explicit(*self.PARAMETERS, self.USUAL.compress(outside(self.USUAL)))

    def test_with_another_polynomial_is_refused(self) -> None:
        with pytest.raises(Unsupported):
            curves.explicit((257, 11), *self.PARAMETERS[1:], self.USUAL.compress(self.USUAL.base))
