"""Reading the list of territories from a file that was made of the official document."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import date

from .model import Kind, TerritoryRow

REQUIRED = ("kind", "katottg", "name", "begins", "ends")
_MORE = ("region", "district")
_KATOTTG = re.compile(r"UA[0-9]{17}")
# 24.02.2022; the official document has blanks inside some dates, and misses a dot.
_DATE = re.compile(r"(\d{1,2})[\s.]+(\d{1,2})[\s.]+(\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_EXCEPT = re.compile(r"\s+за\s+винятком:?\s+", re.IGNORECASE)
# «с. Веселе», «с-ще Козацьке та с-ще Веселе», «м. Гірник»; some rows have a Latin c, or no comma between two.
_NAME = re.compile(
    r"(?<!\w)(?:с-щ[еа]|[сc]м?т?|м)(?:\.|(?<=е)|(?<=а))\s*"
    r"([^,()]+?)(?=\s*(?:,|\(|\)|$)|\s+та\s|\s+(?:с-щ[еа]|[сc]|м)\.?\s*[А-ЯҐЄІЇ])"
)
_CODE = re.compile(r"UA[0-9]{17}")
_PART = "частина"


def read_territories(raw: bytes) -> tuple[list[TerritoryRow], list[str]]:
    """Rows of a CSV file, and sentences about what of it cannot be read with certainty and is left out.

    Raises ValueError for a file that is no such list.
    """
    reader = csv.DictReader(io.StringIO(_text(raw), newline=""))
    names = set(reader.fieldnames or ())
    if not set(REQUIRED) <= names <= {*REQUIRED, *_MORE}:
        raise ValueError(f"columns are {', '.join(REQUIRED)}[, {', '.join(_MORE)}]")
    rows: dict[tuple[str, str, date], TerritoryRow] = {}
    left_out: list[str] = []
    for number, fields in enumerate(reader, 2):
        found = _row({name: " ".join((text or "").split()) for name, text in fields.items() if name})
        if isinstance(found, str):
            left_out.append(f"line {number}: {found}, left out")
        elif found.key in rows:
            raise ValueError(f"line {number}: {found.kind} {found.katottg} from {found.begins} is told twice")
        else:
            rows[found.key] = found
            if _PART in found.name:
                left_out.append(
                    f"line {number}: a part of a settlement is meant, where the whole of it counts as inside"
                )
    if not rows:
        raise ValueError("the file has no territory that can be read")
    return list(rows.values()), left_out


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ValueError("not a text in UTF-8") from fault


def _row(fields: Mapping[str, str]) -> TerritoryRow | str:
    """A row, or what is wrong with it."""
    if fields["kind"] not in {str(each) for each in Kind}:
        return f"{fields['kind'][:40]!r} is no kind of territory"
    if not _KATOTTG.fullmatch(fields["katottg"]):
        return f"{fields['katottg'][:40]!r} is no code of КАТОТТГ"
    begins, ends = _date(fields["begins"]), _date(fields["ends"])
    if begins is None or (fields["ends"] and ends is None):
        return "a date cannot be read"
    if ends is not None and ends < begins:
        return "it ends before it begins"
    if not fields["name"]:
        return "it has no name"
    except_names, except_codes = _exceptions(fields["name"])
    return TerritoryRow(
        kind=Kind(fields["kind"]),
        katottg=fields["katottg"],
        name=fields["name"],
        begins=begins,
        ends=ends,
        region=fields.get("region", ""),
        district=fields.get("district", ""),
        except_names=except_names,
        except_codes=except_codes,
    )


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = found.group(3, 2, 1) if found[1] else found.group(4, 5, 6)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _exceptions(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """WT-3: settlements that a row takes out of its territory, by names, or by codes where it tells them."""
    parts = _EXCEPT.split(name, maxsplit=1)
    if len(parts) < 2:
        return (), ()
    names, codes = [], []
    for each in re.split(r",|(?<=\w)\s+та\s+", parts[1]):
        if found := _CODE.findall(each):
            codes += found
        elif _PART not in each:
            names += [found.strip() for found in _NAME.findall(each.strip())]
    return tuple(dict.fromkeys(names)), tuple(codes)
