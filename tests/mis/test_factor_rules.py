"""Rules of the second factor: codes of an application and recovery codes."""

import base64
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.mis.sign_in.factors.model import (
    ALPHABET,
    code_at,
    in_groups,
    is_required,
    new_recovery_codes,
    new_secret,
    recovery_digest,
    step_of,
    taken_step,
)

from .conftest import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
RFC = base64.b32encode(b"12345678901234567890").decode()
DOOR = "/sign-in/code"


class TestCodes:
    # RFC 6238, appendix B: the last six of the eight digits.
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [
            (59, "287082"),
            (1111111109, "081804"),
            (1111111111, "050471"),
            (1234567890, "005924"),
            (2000000000, "279037"),
            (20000000000, "353130"),
        ],
    )
    def test_of_the_standard_then_as_published(self, seconds: int, code: str) -> None:
        assert code_at(RFC, seconds // 30) == code

    @pytest.mark.parametrize(("drift", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
    def test_of_a_clock_that_goes_wrong_then_one_step_is_forgiven(self, drift: int, is_taken: bool) -> None:
        step = step_of(NOW) + drift
        assert (taken_step(RFC, code_at(RFC, step), NOW, 0) == step) is is_taken

    @pytest.mark.parametrize(("last", "is_taken"), [(-1, True), (0, False), (1, False)])
    def test_a_second_time_or_after_a_later_one_then_not_taken(self, last: int, is_taken: bool) -> None:
        step = step_of(NOW)
        assert (taken_step(RFC, code_at(RFC, step), NOW, step + last) is not None) is is_taken

    @pytest.mark.parametrize("given", ["", "12345", "０００００0", "абвгґд", "1" * 5000])
    def test_nonsense_then_not_taken(self, given: str) -> None:
        assert taken_step(RFC, given, NOW, 0) is None

    def test_with_a_space_in_the_middle_then_taken(self) -> None:
        code = code_at(RFC, step_of(NOW))
        assert taken_step(RFC, f"{code[:3]} {code[3:]}", NOW, 0)

    def test_secrets_then_160_bits_and_easy_to_type(self) -> None:
        secret = new_secret()
        assert len(base64.b32decode(secret)) == 20 and new_secret() != secret
        assert in_groups(secret).replace(" ", "") == secret

    def test_recovery_codes_then_ten_different_without_doubtful_letters(self) -> None:
        codes = new_recovery_codes()
        assert len(set(codes)) == 10
        assert set("".join(codes)) <= {*ALPHABET, "-"} and not set("01IOL") & set(ALPHABET)

    def test_recovery_code_typed_carelessly_then_the_same_and_of_another_user_not(self) -> None:
        mine, other = UUID(int=1), UUID(int=2)
        kept = recovery_digest("ABCDE-HKMPX", mine, b"secret")
        assert recovery_digest(" abcde hkmpx", mine, b"secret") == kept
        assert recovery_digest("АВСDЕ-НКМРХ", mine, b"secret") == kept  # the keyboard was Ukrainian
        assert recovery_digest("ABCDE-HKMPX", other, b"secret") != kept

    @pytest.mark.parametrize(
        ("days", "is_so"), [([], False), ([None], False), ([1, None], False), ([0], True), ([-1], True)]
    )
    def test_requirement_of_clinics_then_from_its_day(self, days: list[int | None], is_so: bool) -> None:
        found = [day if day is None else NOW.date() + timedelta(days=day) for day in days]
        assert is_required(found, NOW.date()) is is_so
