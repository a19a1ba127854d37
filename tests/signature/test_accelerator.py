"""The C code and the Python code are one: any difference is an error of the C code."""

import random
import subprocess
import sys
from types import ModuleType, SimpleNamespace

import pytest

from esoz.signature import Unreadable, _accelerator, accelerated, curves, dstu4145, gost34311, kupyna
from esoz.signature._native_curve import NativeCurve
from esoz.signature.curves import Curve
from esoz.signature.gost28147 import DEFAULT_SBOX

needs_native = pytest.mark.skipif(not accelerated, reason="the C code was not built")

CHANCE = random.Random(11)
SIZES = (*range(0, 140, 3), 255, 256, 257, 1000)
NUMBERS = range(10)


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch):
    """The Python code alone."""

    def switch_off() -> None:
        monkeypatch.setattr(gost34311, "_NATIVE", None)
        monkeypatch.setattr(kupyna, "_NATIVE", None)

    return switch_off


def module() -> ModuleType:
    found = _accelerator.native_if(lambda _: True)
    assert found is not None
    return found


@pytest.fixture(params=[False, True], ids=["this processor", "portable"])
def native(request: pytest.FixtureRequest):
    """A curve in C, with the instructions of this processor and without."""
    return lambda curve: NativeCurve(module(), curve, portable=request.param)


def python_only(curve: Curve) -> Curve:
    """The same curve without its C code."""
    twin = Curve(curve.field, curve.a, curve.b, curve.order, curve.base)
    twin.__dict__["native"] = None
    return twin


@needs_native
class TestHashes:
    def test_gost_hash_of_any_length_and_sbox_is_the_same(self, pure) -> None:
        messages = [CHANCE.randbytes(size) for size in SIZES] + [b"\xff" * 96]
        sboxes = [DEFAULT_SBOX, CHANCE.randbytes(64)]
        fast = [gost34311.repeated(message, 1 + len(message) % 3, sbox) for message in messages for sbox in sboxes]
        pure()
        slow = [gost34311.repeated(message, 1 + len(message) % 3, sbox) for message in messages for sbox in sboxes]
        assert fast == slow

    @pytest.mark.parametrize("bits", [256, 384, 512])
    def test_kupyna_of_any_length_is_the_same(self, bits: int, pure) -> None:
        messages = [CHANCE.randbytes(size) for size in SIZES]
        fast = [kupyna.digest(message, bits) for message in messages]
        pure()
        assert fast == [kupyna.digest(message, bits) for message in messages]

    @pytest.mark.parametrize("rounds", [1, 2, 7])
    @pytest.mark.parametrize("password", [b"", b"password", b"p" * 40])
    def test_key_derivation_is_the_same(self, password: bytes, rounds: int, pure) -> None:
        salts = [CHANCE.randbytes(size) for size in (0, 8, 32, 64, 65)]
        fast = [gost34311.pbkdf2(password, salt, rounds) for salt in salts]
        pure()
        assert fast == [gost34311.pbkdf2(password, salt, rounds) for salt in salts]


@needs_native
@pytest.mark.parametrize("number", NUMBERS)
class TestCurves:
    def test_multiples_of_the_base_point_are_the_same(self, number: int, native) -> None:
        curve = curves.named(number)
        fast, slow = native(curve), python_only(curve)
        for k in (1, 2, 3, CHANCE.randrange(curve.order), curve.order - 2, curve.order - 1):
            assert fast.base_times(k) == slow.base_times(k)

    def test_signature_is_the_same_and_both_accept_it(self, number: int, native) -> None:
        curve = curves.named(number)
        fast, slow = native(curve), python_only(curve)
        d, e = (CHANCE.randrange(1, curve.order) for _ in range(2))
        h = CHANCE.randrange(1, 1 << curve.field.m)
        signature = fast.sign(d, e, h)
        assert signature == dstu4145.sign_in_python(slow, d, e, h)
        r, s = signature
        public = curve.negate(fast.base_times(d))
        assert fast.verify(public, h, r, s)
        assert dstu4145.verify_in_python(slow, public, h, r, s)

    def test_signature_with_any_number_changed_is_refused_by_both(self, number: int, native) -> None:
        curve = curves.named(number)
        fast, slow = native(curve), python_only(curve)
        d, e = (CHANCE.randrange(1, curve.order) for _ in range(2))
        h = CHANCE.randrange(1, 1 << curve.field.m)
        r, s = fast.sign(d, e, h)
        public = curve.negate(fast.base_times(d))
        for wrong in ((h ^ 2, r, s), (h, r ^ 2, s), (h, r, s ^ 2)):
            assert not fast.verify(public, *wrong)
            assert not dstu4145.verify_in_python(slow, public, *wrong)
        assert not fast.verify(curve.negate(public), h, r, s)

    def test_sum_that_is_infinity_is_refused_by_both(self, number: int, native) -> None:
        """s·P + r·Q with Q = -P and s = r."""
        curve = curves.named(number)
        fast, slow = native(curve), python_only(curve)
        minus = curve.negate(curve.base)
        for s in (1, 5, CHANCE.randrange(1, curve.order)):
            assert not fast.verify(minus, 1, s, s)
            assert not dstu4145.verify_in_python(slow, minus, 1, s, s)

    def test_sum_of_equal_points_is_accepted_by_both(self, number: int, native) -> None:
        """Q = P: both chains add the same point, and the addition has to double."""
        curve = curves.named(number)
        fast, slow = native(curve), python_only(curve)
        for s in (1, 5, CHANCE.randrange(1, curve.order)):
            x, _, z = slow.combine(s, s, curve.base)
            h = curve.field.multiply(s, curve.field.multiply(z, curve.field.invert(x)))
            h_fits = s < 1 << (curve.order.bit_length() - 1)
            assert fast.verify(curve.base, h, s, s) is h_fits
            assert dstu4145.verify_in_python(slow, curve.base, h, s, s) is h_fits

    def test_compressed_points_are_expanded_the_same(self, number: int, native) -> None:
        curve = curves.named(number)
        fast, slow = native(curve), python_only(curve)
        size = curve.field.size
        for value in (*range(1, 40), *(CHANCE.randrange(1 << curve.field.m) for _ in range(40))):
            packed = value.to_bytes(size, "little")
            point = fast.expand(packed)
            try:
                assert point == slow.expand(packed)
            except Unreadable:
                assert point is None

    def test_point_of_another_order_is_expanded_by_neither(self, number: int, native) -> None:
        """With a = 1 no compressed form has such a point: the lowest bit of x is restored from the trace."""
        curve = curves.named(number)
        root = curve.b
        for _ in range(curve.field.m - 1):
            root = curve.field.square(root)
        (outside,) = curve.to_affine([curve.add((*curve.base, 1), (0, root))])
        packed = curve.compress(outside)
        found = native(curve).expand(packed)
        assert found != outside
        assert curve.a or found is None
        try:
            assert python_only(curve).expand(packed) == found
        except Unreadable:
            assert found is None


@needs_native
class TestHostileNumbers:
    """Whatever comes, the C code answers False or raises ValueError; nothing is read or written beside."""

    CURVE = curves.named(6)
    SIGNATURE_NUMBERS = (1, 7, CURVE.order - 1, CURVE.order, CURVE.order + 1, (1 << 448) - 1, 0)

    @pytest.mark.parametrize("r", SIGNATURE_NUMBERS)
    @pytest.mark.parametrize("s", SIGNATURE_NUMBERS)
    def test_signature_out_of_range_is_no_signature(self, r: int, s: int, native) -> None:
        assert native(self.CURVE).verify(self.CURVE.base, 1, r, s) is False

    @pytest.mark.parametrize("point", [(0, 0), (0, 1), (1, 1), (1 << 257, 0), (5, (1 << 448) - 1)])
    def test_point_beside_the_curve_is_refused(self, point: tuple[int, int], native) -> None:
        with pytest.raises(ValueError, match="point"):
            native(self.CURVE).verify(point, 1, 1, 1)

    def test_point_of_order_four_is_no_trap(self, native) -> None:
        """x⁴ = b: then 2·Q = (0, √b), 4·Q = O and 2^128·Q = O. No compressed form has such a point."""
        curve = self.CURVE
        x = curve.b
        for _ in range(curve.field.m - 2):
            x = curve.field.square(x)
        point = x, curve.field.square(x)
        assert curve.contains(point)
        with pytest.raises(Unreadable):
            python_only(curve).combine(1, 4, point)
        # R = s·P + 4·Q = s·P: nothing is read beside, though 2^i·Q becomes infinity.
        x, _ = native(curve).base_times(3)
        h = curve.field.multiply(4, curve.field.invert(x))
        assert native(curve).verify(point, h, 4, 3)

    @pytest.mark.parametrize("k", [0, CURVE.order, (1 << 448) - 1])
    def test_scalar_out_of_range_is_refused(self, k: int, native) -> None:
        fast = native(self.CURVE)
        for call in (lambda: fast.base_times(k), lambda: fast.sign(k, 1, 1), lambda: fast.sign(1, k, 1)):
            with pytest.raises(ValueError, match="scalar"):
                call()

    def test_element_beyond_the_field_is_refused(self, native) -> None:
        fast = native(self.CURVE)
        assert fast.expand(b"\xff" * 56) is None
        with pytest.raises(ValueError, match="element"):
            fast.sign(1, 1, 1 << 257)
        with pytest.raises(ValueError, match="sizes"):
            fast.verify(self.CURVE.base, 1 << 257, 1, 1)

    @pytest.mark.parametrize(("sbox", "times"), [(b"", 1), (bytes(63), 1), (bytes(65), 1), (bytes(64), 0)])
    def test_hash_with_impossible_settings_is_refused(self, sbox: bytes, times: int) -> None:
        with pytest.raises(ValueError, match="S-box"):
            module().gost34311(b"", sbox, times)

    @pytest.mark.parametrize(
        "change",
        [
            {"m": 0},
            {"m": 128},
            {"m": 1 << 20},
            {"m": -1},
            {"exponents": ()},
            {"exponents": (1, 2)},
            {"exponents": (0,)},
            {"exponents": (64,)},
            {"exponents": (1, 2, 3, 4)},
            {"exponents": ("x",)},
            {"a": 2},
            {"a": -1},
            {"numbers": b""},
            {"numbers": bytes(224)},
            {"numbers": b"\xff" * 224},
        ],
    )
    def test_impossible_curve_is_refused(self, change: dict[str, object]) -> None:
        curve = self.CURVE
        numbers = b"".join(number.to_bytes(56, "little") for number in (curve.b, curve.order, *curve.base))
        given = {"m": 257, "exponents": (12,), "a": 0, "numbers": numbers, "portable": False}
        assert module().Curve(*given.values())
        with pytest.raises((ValueError, TypeError)):
            module().Curve(*(given | change).values())

    @pytest.mark.parametrize("size", [0, 1, 55, 57, 167, 169, 1000])
    def test_wrong_sizes_are_refused(self, size: int) -> None:
        curve = self.CURVE
        numbers = b"".join(number.to_bytes(56, "little") for number in (curve.b, curve.order, *curve.base))
        native = module().Curve(257, (12,), 0, numbers, False)
        for call in (native.window, native.expand, native.sign, native.base_times):
            with pytest.raises(ValueError, match=r"numbers|sizes"):
                call(bytes(size))
        with pytest.raises(ValueError, match=r"numbers|sizes"):
            native.verify(bytes(size), bytes(168))


class TestFallback:
    def test_pure_python_when_asked_for_then_is_used(self) -> None:
        code = "import esoz.signature as s; raise SystemExit(int(s.accelerated))"
        done = subprocess.run([sys.executable, "-c", code], env={"ESOZ_SIGNATURE_PURE": "1"}, check=False)
        assert done.returncode == 0

    @pytest.mark.parametrize("native", [None, SimpleNamespace(), SimpleNamespace(INTERFACE=2)])
    def test_library_of_another_interface_is_passed_over(self, native, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_accelerator, "_NATIVE", native)
        assert _accelerator.native_if(lambda _: True) is None

    @needs_native
    def test_library_that_gives_another_answer_is_passed_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(curves._KNOWN_ANSWERS, 163, "0" * 32)
        curves._right_native.cache_clear()
        try:
            assert curves._right_native(163) is None
            assert curves._right_native(167) is not None
        finally:
            curves._right_native.cache_clear()

    @pytest.mark.parametrize("number", NUMBERS)
    def test_known_answer_is_that_of_the_python_code(self, number: int) -> None:
        curve = python_only(curves.named(number))
        d, e, h = curves.known_numbers(curve)
        signature = dstu4145.sign_in_python(curve, d, e, h)
        assert curves.answer(curve, signature, dstu4145.public_key(curve, d)) == curves._KNOWN_ANSWERS[curve.field.m]
