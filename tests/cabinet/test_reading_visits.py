"""Lines of one reader at one place without a long pause are one visit."""

from dataclasses import replace
from datetime import datetime, timedelta

from esoz.cabinet.readings.model import Reading, visits
from esoz.cabinet.readings.sentences import Kind
from esoz.kernel.clock import KYIV


def line(minutes: float, name: str = "Юрченко", organisation: str = "Калина", *, own: bool = False) -> Reading:
    at = datetime(2026, 11, 22, 12, tzinfo=KYIV) - timedelta(minutes=minutes)
    return Reading(at, "job.viewed", Kind.READ, "Речення.", name, "P1", organisation, own)


def sizes(*lines: Reading) -> list[int]:
    return [len(visit.lines) for visit in visits(lines)]


def test_lines_then_grouped_by_reader_place_day_and_pause():
    assert sizes(line(0), line(1), line(31)) == [3]
    assert sizes(line(0), line(30), line(60)) == [3]
    assert sizes(line(0), line(30.1)) == [1, 1]
    assert sizes(line(0), line(1, "Інша"), line(2)) == [2, 1]
    assert sizes(line(0), line(1, organisation="Ромашка"), line(2)) == [2, 1]
    assert sizes(line(0, own=True), line(1)) == [1, 1]
    assert sizes(line(12 * 60), line(12 * 60 + 1)) == [1, 1]  # midnight in Kyiv


def test_of_several_then_the_weightiest_line_tells_it():
    lines = [replace(line(minutes), kind=kind) for minutes, kind in enumerate((Kind.READ, Kind.CHANGED))]
    [visit] = visits([*lines, replace(line(2), kind=Kind.REFUSED)])
    assert visit.kinds == [Kind.REFUSED, Kind.CHANGED, Kind.READ]
    assert visit.weightiest.kind is Kind.REFUSED and (visit.last, visit.first.kind) == (lines[0], Kind.REFUSED)
