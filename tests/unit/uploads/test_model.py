"""Links of uploads and bytes of scans, without a door."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from esoz.central.uploads.model import Place, is_jpeg, link, must_be_signed
from esoz.kernel.errors import Forbidden, NotFound
from tests.factories.scans import jpeg

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=1)
PLACE = Place("person_requests", UUID(int=7), "person.PASSPORT")
SECRET = b"a secret"


def query(place: Place = PLACE) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link("https://api.test", place, UNTIL, SECRET)).query))


class TestLink:
    def test_until_its_last_moment_then_good(self) -> None:
        must_be_signed(PLACE, query(), SECRET, UNTIL - timedelta(microseconds=1))

    def test_at_its_end_then_expired(self) -> None:
        with pytest.raises(Forbidden, match="expired"):
            must_be_signed(PLACE, query(), SECRET, UNTIL)

    @pytest.mark.parametrize(
        "change",
        [
            {"expires": str(int(UNTIL.timestamp()) + 3600)},
            {"expires": ""},
            {"expires": "9" * 5000},
            {"expires": "²"},
            {"expires": "-1"},
            {"signature": ""},
            {"signature": "0" * 64},
            {"signature": "ї"},
        ],
    )
    def test_changed_then_refused(self, change: dict[str, str]) -> None:
        with pytest.raises(Forbidden, match="not valid"):
            must_be_signed(PLACE, query() | change, SECRET, NOW)

    @pytest.mark.parametrize(
        "other",
        [
            Place("declaration_requests", PLACE.request_id, PLACE.type),
            Place(PLACE.folder, UUID(int=8), PLACE.type),
            Place(PLACE.folder, PLACE.request_id, "person.NATIONAL_ID"),
        ],
    )
    def test_of_another_place_then_refused(self, other: Place) -> None:
        with pytest.raises(Forbidden):
            must_be_signed(other, query(), SECRET, NOW)

    def test_without_a_query_then_refused(self) -> None:
        with pytest.raises(Forbidden):
            must_be_signed(PLACE, {}, SECRET, NOW)


class TestPlace:
    def test_path_when_read_again_then_the_same(self) -> None:
        assert Place.of(PLACE.path) == PLACE

    @pytest.mark.parametrize("path", ["/uploads/", "/uploads/a/b/c", f"/uploads/a/{UUID(int=1)}/", "/uploads/a/b/c/d"])
    def test_path_when_odd_then_not_found(self, path: str) -> None:
        with pytest.raises(NotFound):
            Place.of(path)


class TestJPEG:
    def test_picture_then_yes(self) -> None:
        assert is_jpeg(jpeg())

    def test_picture_with_filled_markers_then_yes(self) -> None:
        assert is_jpeg(jpeg()[:2] + b"\xff\xff" + jpeg()[2:])

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"%PDF-1.7\n",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff",
            b"\xff\xd8\xff\xe0",
            b"\xff\xd8\xff\xe0\x00\x00",
            b"\xff\xd8\xff" + b"<script>alert(1)</script>",
            jpeg(width=0),
            jpeg()[: jpeg().index(b"\xff\xda")],
        ],
    )
    def test_something_else_then_no(self, content: bytes) -> None:
        assert not is_jpeg(content)
