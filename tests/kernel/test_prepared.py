"""Answers with data that was compressed before are whole gzip files, plain JSON, or «unchanged»."""

import gzip
import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esoz.kernel.prepared import Prepared, accepts_gzip

BEFORE, AFTER = b'{"meta":{"code":200},"data":', b"}"
DATA = msgspec.json.encode([{"code": str(number), "description": "Область"} for number in range(2000)])


@given(before=st.binary(max_size=300), plain=st.binary(max_size=3000), after=st.binary(max_size=40))
def test_any_parts_then_one_gzip_file_with_the_right_checksum(before: bytes, plain: bytes, after: bytes) -> None:
    whole = Prepared.of(plain).gzip(before, after)
    assert gzip.decompress(whole) == before + plain + after
    # Programs that stop after the first member of a file see all of it too.
    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reader.decompress(whole) == before + plain + after
    assert (reader.eof, reader.unused_data) == (True, b"")


def test_large_then_small_on_the_wire() -> None:
    assert len(Prepared.of(DATA).gzip(BEFORE, AFTER)) * 5 < len(DATA)


def test_asked_without_compression_then_plain() -> None:
    status, body, headers = Prepared.of(DATA).answer({}, BEFORE, AFTER)
    assert (status, msgspec.json.decode(body)["data"]) == (None, msgspec.json.decode(DATA))
    assert "content-encoding" not in headers
    assert headers["vary"] == "accept-encoding"


@pytest.mark.parametrize("tags", ["{}", '"other", {}', "*"])
def test_known_to_the_caller_then_unchanged_and_no_body(tags: str) -> None:
    prepared = Prepared.of(DATA)
    status, body, headers = prepared.answer({"if-none-match": tags.format(prepared.etag)}, BEFORE, AFTER)
    assert (status, body, headers["etag"]) == (304, b"", prepared.etag)


def test_other_data_then_another_tag() -> None:
    other = Prepared.of(DATA + b" ")
    assert other.answer({"if-none-match": Prepared.of(DATA).etag}, BEFORE, AFTER)[0] is None


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("deflate, br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*", True),
        ("identity;q=1, *;q=0", False),
    ],
)
def test_which_callers_take_gzip(header: str, taken: bool) -> None:
    assert accepts_gzip(header) is taken
