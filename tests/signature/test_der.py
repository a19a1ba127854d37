"""The reader takes what Ukrainian issuers write and refuses everything else with one error, in linear time."""

import ast
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from esoz.signature import Unreadable, der
from esoz.signature import der_writer as w


def touch(node: der.Node) -> None:
    """Read everything in a node."""
    for child in node.children if node.is_constructed else ():
        touch(child)


class TestReader:
    @pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, -1, -128, -129, 1 << 160, -(1 << 63)])
    def test_integer_when_written_then_reads_back(self, value: int) -> None:
        assert der.read(w.integer(value)).integer() == value

    @pytest.mark.parametrize("dotted", ["1.2.804.2.1.1.1.1.3.1.1.2.6", "2.5.4.97", "0.4.0.1862.1.1", "2.999.3"])
    def test_object_identifier_when_written_then_reads_back(self, dotted: str) -> None:
        assert der.read(w.oid(dotted)).oid() == dotted

    @pytest.mark.parametrize(
        ("tag", "text", "moment"),
        [
            (der.UTC_TIME, "500101000000Z", datetime(1950, 1, 1, tzinfo=UTC)),
            (der.UTC_TIME, "491231235959Z", datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
            (der.UTC_TIME, "2611220100+0200", datetime(2026, 11, 21, 23, 0, tzinfo=UTC)),
            (der.GENERALIZED_TIME, "20261122120000.25Z", datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=UTC)),
        ],
    )
    def test_time_when_well_formed_then_is_utc(self, tag: int, text: str, moment: datetime) -> None:
        assert der.read(w.tlv(tag, text.encode())).time() == moment

    @pytest.mark.parametrize("text", ["", "Z", "261322000000Z", "26112200000xZ", "261122000000", "261122000000+9999"])
    def test_time_when_broken_then_is_unreadable(self, text: str) -> None:
        with pytest.raises(Unreadable):
            der.read(w.tlv(der.UTC_TIME, text.encode())).time()

    def test_indefinite_length_when_read_then_equals_definite(self) -> None:
        node = der.read(bytes.fromhex("3080 0201 05 2480 0402 6162 0401 63 0000 0000"))
        number, pieces = node.children
        assert number.integer() == 5
        assert pieces.octets() == b"abc"

    def test_context_value_when_explicit_or_implicit_then_reads_the_same(self) -> None:
        for data in (w.implicit(0, b"\1\2"), w.explicit(0, w.octet_string(b"\1\2"))):
            assert der.read(data).unwrap(der.OCTET_STRING).octets() == b"\1\2"

    def test_received_bytes_when_length_is_not_minimal_then_are_kept(self) -> None:
        data = bytes.fromhex("30830000030201ff")
        assert der.read(data).raw == data
        assert der.read(data).as_set == b"\x31" + data[1:]

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x30",
            b"\x30\x01",
            b"\x30\x80",
            b"\x04\x80\0\0",
            b"\x30\x89" + b"\1" * 9,
            b"\x1f\x81\x01\0",
            b"\x00\x00",
            w.null() + b"\0",
            b"\x30\x03\x02\x05\x01",
        ],
    )
    def test_broken_structure_when_read_whole_then_is_unreadable(self, data: bytes) -> None:
        with pytest.raises(Unreadable):
            touch(der.read(data))

    @pytest.mark.parametrize("opening", [b"\x30\x80", b"\xa0\x80"])
    def test_deep_nesting_when_read_then_is_unreadable_at_once(self, opening: bytes) -> None:
        with pytest.raises(Unreadable):
            touch(der.read(opening * 100_000))

    def test_hostile_megabyte_when_read_whole_then_takes_linear_time(self) -> None:
        """Indefinite lengths nested as deep as allowed, each level rescanned at most once."""
        inner = w.null() * 60_000
        data = b"\x30\x80" * 30 + inner + b"\0\0" * 30
        started = process_time()
        touch(der.read(data))
        assert process_time() - started < 5

    @settings(max_examples=300, deadline=None)
    @given(st.binary(max_size=60))
    @example(b"\x30\x80\x02\x00\x00\x00")
    def test_any_bytes_when_read_then_only_unreadable_is_raised(self, data: bytes) -> None:
        try:
            node = der.read(data)
            touch(node)
        except Unreadable:
            return
        for read in (node.oid, node.integer, node.boolean, node.octets, node.bits, node.text, node.time):
            try:
                read()
            except Unreadable:
                continue


class TestWriter:
    def test_set_of_when_written_then_is_sorted(self) -> None:
        assert w.set_of(w.integer(2), w.integer(1)) == w.set_of(w.integer(1), w.integer(2))

    @pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 65_536])
    def test_length_when_written_then_is_the_shortest(self, size: int) -> None:
        data = w.octet_string(bytes(size))
        assert der.read(data).content == bytes(size)
        assert len(data) - size == (2 if size < 128 else 3 if size < 256 else 4 if size < 65_536 else 5)

    @pytest.mark.parametrize(("year", "tag"), [(2049, der.UTC_TIME), (2050, der.GENERALIZED_TIME)])
    def test_time_when_written_then_takes_the_form_of_rfc_5280(self, year: int, tag: int) -> None:
        moment = datetime(year, 6, 1, 12, tzinfo=UTC)
        node = der.read(w.time(moment))
        assert (node.tag, node.time()) == (tag, moment)


class TestReaders:
    """A child by its place is there or it is not: only `Fields` makes its absence a refusal of the family."""

    SOURCES = Path(der.__file__).parent

    def test_take_children_by_fields_only(self) -> None:
        found = [
            f"{path.name}:{node.lineno}"
            for path in sorted(self.SOURCES.rglob("*.py"))
            if path.name != "der.py"
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if takes_by_place(node)
        ]
        assert found == []


def takes_by_place(node: ast.AST) -> bool:
    def is_children(value: ast.AST | None) -> bool:
        return isinstance(value, ast.Attribute) and value.attr == "children"

    if isinstance(node, ast.Subscript):
        return is_children(node.value) and not isinstance(node.slice, ast.Slice)
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple) and is_children(node.value)


@pytest.mark.parametrize("code", ["node.children[0]", "a, b = node.children"])
def test_child_by_its_place_is_seen(code: str) -> None:
    assert any(map(takes_by_place, ast.walk(ast.parse(code))))
