"""What is asked of every signed document before its content is looked at."""

import unicodedata

import pytest

from esoz.kernel.errors import BadRequest, Rejected
from esoz.kernel.signed import (
    as_object,
    first_difference,
    from_base64,
    must_be_signed_by,
    must_be_signed_once,
    must_equal,
)
from esoz.kernel.work import SignedContent, Signer


def signer(*, drfo: str | None = "3126509816", stamp: bool = False) -> Signer:
    return Signer(drfo, None, "Кобилянська", "Ольга", stamp, "1", None)


def words_of(fault: pytest.ExceptionInfo[Rejected]) -> list[tuple[str, str]]:
    return [(each.entry, each.description) for each in fault.value.invalid]


# SG-2
class TestNumber:
    def test_when_one_signature_then_its_signer(self) -> None:
        only = signer()
        assert must_be_signed_once(SignedContent(b"{}", (only,))) is only

    @pytest.mark.parametrize(
        ("signers", "found"),
        [
            ((), "0 signatures and 0 stamps"),
            ((signer(), signer()), "2 signatures and 0 stamps"),
            ((signer(), signer(stamp=True)), "1 signature and 1 stamp"),
            ((signer(stamp=True),), "0 signatures and 1 stamp"),
        ],
    )
    def test_when_another_number_then_refused_with_the_published_words(
        self, signers: tuple[Signer, ...], found: str
    ) -> None:
        with pytest.raises(BadRequest) as refused:
            must_be_signed_once(SignedContent(b"{}", signers))
        assert refused.value.message == f"document must contain 1 signature and 0 stamps but contains {found}"


# SG-3
class TestBase64:
    def test_when_broken_into_lines_then_taken(self) -> None:
        assert from_base64("eyJh\nIjox\r\nfQ==", "$.field") == b'{"a":1}'

    @pytest.mark.parametrize("text", ["", "  ", "не base64", "eyJ", "eyJhIjoxfQ=!"])
    def test_when_something_else_then_its_field_is_named(self, text: str) -> None:
        with pytest.raises(Rejected) as refused:
            from_base64(text, "$.field")
        assert words_of(refused) == [("$.field", "Not a base64 string")]


class TestContent:
    # SG-8
    @pytest.mark.parametrize("content", [b'{"a": 1}', b'\xef\xbb\xbf{"a": 1}', b'{"a": 1}\0\0'])
    def test_when_an_object_then_mark_and_trailing_nulls_are_forgiven(self, content: bytes) -> None:
        assert as_object(SignedContent(content, ()), "$.field") == {"a": 1}

    # SG-3
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"no JSON", "Signed content is not a valid JSON"),
            (b"\xff\xfe", "Signed content is not a valid JSON"),
            (b"[1]", "Signed content must be a JSON object"),
        ],
    )
    def test_when_no_object_then_refused(self, content: bytes, words: str) -> None:
        with pytest.raises(Rejected) as refused:
            as_object(SignedContent(content, ()), "$.field")
        assert words_of(refused) == [("$.field", words)]


# SG-4
class TestSigner:
    @pytest.mark.parametrize(
        ("drfo", "tax_id"),
        [
            ("3126509816", "3126509816"),
            ("312 650 9816", "3126509816"),
            ("AB120518", "АВ120518"),  # Latin in the certificate, Cyrillic in the register
            ("ав120518", "АВ120518"),
        ],
    )
    def test_when_the_same_number_in_another_spelling_then_taken(self, drfo: str, tax_id: str) -> None:
        must_be_signed_by(signer(drfo=drfo), tax_id)

    @pytest.mark.parametrize(
        ("drfo", "words"),
        [
            (None, "Invalid drfo"),
            ("", "Invalid drfo"),
            ("3126509817", "Does not match the signer drfo"),
            ("АБ120518", "Does not match the signer drfo"),
        ],
    )
    def test_when_another_number_or_none_then_refused(self, drfo: str | None, words: str) -> None:
        with pytest.raises(Rejected) as refused:
            must_be_signed_by(signer(drfo=drfo), "АВ120518", field="$.field")
        assert words_of(refused) == [("$.field", words)]


# SG-7
class TestEqual:
    def test_when_a_register_still_has_letters_of_two_signs_then_they_are_equal(self) -> None:
        assert first_difference({"name": "Районний"}, {"name": "Раионний"}) == "$.name"
        assert first_difference({"name": "Районний"}, {"name": unicodedata.normalize("NFD", "Районний")}) is None

    @pytest.mark.parametrize(
        ("signed", "place"),
        [
            ({"a": [1, {"b": "в"}]}, None),
            ({"a": [1, {"b": "б"}]}, "$.a[1].b"),
            ({"a": [1]}, "$.a[1]"),
            ({"a": [1, {"b": "в"}], "c": 2}, "$.c"),
            ({"a": [1.0, {"b": "в"}]}, None),
            ({}, "$.a"),
            ({"a": [True, {"b": "в"}]}, "$.a[0]"),
        ],
    )
    def test_when_anything_differs_then_the_first_place_is_named(self, signed: object, place: str | None) -> None:
        stored = {"a": [1, {"b": "в"}]}
        assert first_difference(signed, stored) == place
        if place is None:
            must_equal(signed, stored, message="They differ")
        else:
            with pytest.raises(Rejected) as refused:
                must_equal(signed, stored, message="They differ")
            assert words_of(refused) == [(place, "They differ")]

    def test_empty_fields_do_not_count(self) -> None:
        must_equal({"b": None, "a": [{"c": None}]}, {"a": [{"d": None}]}, message="They differ")
        with pytest.raises(Rejected):
            must_equal({"a": [None]}, {"a": []}, message="They differ")
