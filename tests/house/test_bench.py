"""The benchmark: its modules import, its statistics are right, its client reads answers; nothing is timed here."""

import asyncio
import importlib
import pkgutil
import random
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from uuid import UUID

import bench
import pytest
from bench import flames
from bench.arrivals import Ask, Outcome, histogram, moments, run
from bench.client import Answer, Line
from bench.compare import Row as CompareRow
from bench.compare import medians, table
from bench.country import lived_in
from bench.crowd import Crowd, number
from bench.growth import Size
from bench.mix import SHARES, Step
from bench.mould import make_mould
from bench.scaled import table as scaled_table
from bench.scaled import together
from bench.scenarios import Row
from bench.statistics import Figures, Window, figures, one_after_another, percentile, ratio

from esoz.sandbox.country import ORGANISATIONS


def window(requests: int, *, seconds: float = 1.0, cpu: float = 0.5) -> Window:
    """A window whose latencies are 1, 2, 3… milliseconds."""
    latencies = [number / 1000 for number in range(1, requests + 1)]
    return Window(seconds, cpu, cpu / 2, latencies)


@pytest.mark.parametrize("name", [info.name for info in pkgutil.iter_modules(bench.__path__)])
def test_module_imports(name: str) -> None:
    assert importlib.import_module(f"bench.{name}").__doc__


def test_every_institution_of_the_measured_country_has_its_settlement() -> None:
    assert {each.place.code for each in ORGANISATIONS} <= lived_in()


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 50), (0.99, 99), (0.991, 100), (1.0, 100)])
def test_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_no_flames_are_wanted_then_nobody_looks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flames.subprocess, "Popen", None)
    with flames.burning(1, "central", None):
        pass
    monkeypatch.setattr(flames.sys, "executable", str(tmp_path / "python"))
    with pytest.raises(RuntimeError, match="make flames"), flames.burning(1, "central", tmp_path):
        pass


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_figures_keep_the_best_rate_and_the_least_cpu() -> None:
    fast, frugal = window(100, cpu=0.9), window(50, cpu=0.1)
    assert figures([frugal, fast, window(0)]) == Figures(150, 100.0, 0.05, 0.099, 0.002, 0.001)


def test_figures_of_no_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        figures([window(0)])


def test_acts_one_after_another_take_the_time_of_all() -> None:
    both = one_after_another([Figures(9, 300.0, 1.0, 2.0, 3.0, 4.0), Figures(5, 150.0, 10.0, 20.0, 30.0, 40.0)])
    assert both == Figures(5, pytest.approx(100.0), 11.0, 22.0, 33.0, 44.0)


def test_ratio_is_the_share_of_raw_speed_that_is_left() -> None:
    assert ratio(250.0, 1000.0) == 0.25
    with pytest.raises(ValueError, match="raw SQL"):
        ratio(1.0, 0.0)


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += bytes(data)


async def test_line_reads_an_answer_that_comes_in_pieces() -> None:
    line, wire = Line(), Wire()
    line.connection_made(wire)
    for body in (b'{"data":1}', b""):
        answer = line.ask(b"GET / HTTP/1.1\r\n\r\n")
        raw = b"HTTP/1.1 202 Accepted\r\nContent-Length: %d\r\nx: y\r\n\r\n%s" % (len(body), body)
        for place in range(len(raw)):
            assert not answer.done()
            line.data_received(raw[place : place + 1])
        assert await answer == Answer(202, body)
    assert wire.written == b"GET / HTTP/1.1\r\n\r\n" * 2


async def test_line_lost_while_waiting_fails_the_answer() -> None:
    line = Line()
    line.connection_made(Wire())
    answer = line.ask(b"")
    line.connection_lost(None)
    with pytest.raises(ConnectionError):
        await answer


def test_comparison_tells_ratios_of_medians() -> None:
    def round_(rate: float, cpu: float) -> dict[str, object]:
        return {"rows": [{"name": "read", "ours": {"rate": rate, "app_cpu": cpu, "database_cpu": cpu / 2}}]}

    before = medians([round_(90, 0.003), round_(100, 0.002), round_(500, 0.001)])
    now = medians([round_(300, 0.0005)])
    assert before == {"read": CompareRow(100, 0.002, 0.001)}
    assert table(before, now).splitlines()[-1] == (
        "| read | 100 | 300 | 3.00 | 2,000 | 500 | 4.00 | 1,000 | 250 | 4.00 |"
    )


def test_moments_are_as_many_as_the_rate_says_and_the_same_for_a_seed() -> None:
    found = list(moments(100, 50, random.Random(1)))
    assert found == list(moments(100, 50, random.Random(1)))
    assert found == sorted(found)
    assert 0.9 * 5000 < len(found) < 1.1 * 5000


async def test_act_is_timed_from_when_it_was_due_and_waits_for_no_other() -> None:
    has_begun = asyncio.Event()

    async def ask(_request: bytes) -> Answer:
        return Answer(200, b"")

    async def first(_ask: Ask) -> str:
        async with asyncio.timeout(60):
            await has_begun.wait()  # for the second, which would never begin if it had to wait for this one
        return ""

    async def second(_ask: Ask) -> str:
        has_begun.set()
        return ""

    async def broken(_ask: Ask) -> str:
        raise ConnectionResetError

    found = await run([(0.0, "read", first), (0.05, "read", second), (0.06, "sign-in", broken)], ask)
    assert max(found["read"].latencies) >= 0.04
    assert found["sign-in"].errors == {"ConnectionResetError": 1}
    assert found["sign-in"].count == 1


@pytest.mark.parametrize(
    ("latency", "errors", "waiting", "held"),
    [(0.1, 0, 0, True), (0.6, 0, 0, False), (0.1, 2, 0, False), (0.1, 0, 11, False)],
    ids=["served well", "slow", "errors", "the worker falls behind"],
)
def test_rate_is_held_when_all_are_served_well(latency: float, errors: int, waiting: int, held: bool) -> None:
    outcome = Outcome([latency] * 100, Counter({"503": errors}))
    assert Step(20.0, {"read": outcome}, 5.0, waiting, 0).held is held


def test_histogram_shows_every_latency_once() -> None:
    lines = histogram([0.001, 0.0011, 0.004, 0.1])
    assert sum(int(line.split()[-1]) for line in lines) == 4
    assert lines[0].startswith("      1.0 ms")
    assert histogram([]) == []


def test_shares_of_the_mix_are_a_hundred() -> None:
    assert sum(SHARES.values()) == 100


PERSON, RECORD, CLINIC = (f"{number:08x}-1d1a-4f4e-8a57-3f9720b6339c" for number in range(3))


def test_mould_is_cast_with_other_ids_days_and_names() -> None:
    line = (
        f'{RECORD}\t{PERSON}\tcare\t{{"name": "Іван 5%", "at": "2026-11-29T08:00:00Z", "of": "{RECORD}"}}\t{CLINIC}\n'
    )
    given = {PERSON: "person", "Іван": "first_name"}
    mould = make_mould([("records", line)], given, {CLINIC}, date(2026, 11, 30))
    cast: dict[str, list[str]] = defaultdict(list)
    values = {"person": "P", "first_name": "Іванко"}
    mould.cast(values, iter(("new",)).__next__, date(2020, 3, 1).toordinal(), cast)
    assert cast == {
        "records": [f'new\tP\tcare\t{{"name": "Іванко 5%", "at": "2020-02-29T08:00:00Z", "of": "new"}}\t{CLINIC}\n']
    }


def test_mould_takes_no_part_of_a_longer_word() -> None:
    cast: dict[str, list[str]] = defaultdict(list)
    mould = make_mould([("names", "Іванович\t12345\tІван\n")], {"Іван": "n", "234": "n"}, (), date(2026, 1, 1))
    mould.cast({"n": "Петро"}, str, 1, cast)
    assert cast == {"names": ["Іванович\t12345\tПетро\n"]}


def test_crowd_of_a_seed_is_the_same_and_nobody_has_the_number_of_another() -> None:
    people = [list(Crowd(1).people(date(2026, 11, 30), 3000)) for _ in range(2)]
    assert people[0] == people[1]
    assert len({someone.tax_id for someone in people[0]}) == 3000
    assert len({someone.document for someone in people[0]}) == 3000
    names = Counter(someone.last_name for someone in people[0]).most_common()
    assert names[0][1] > 20 * names[-1][1]  # some are common, most are not
    assert {someone.kind for someone in people[0]} == {"man", "woman", "child"}


def test_crowd_leaves_numbers_that_are_taken() -> None:
    taken = {someone.tax_id for someone in Crowd(1).people(date(2026, 11, 30), 50)}
    assert not taken & {someone.tax_id for someone in Crowd(1, taken).people(date(2026, 11, 30), 50)}


def test_numbers_of_prescriptions_look_like_those_of_central_and_never_meet() -> None:
    made = {number("0001", value, 2) for value in range(20_000)}
    assert len(made) == 20_000
    assert all(len(each) == 14 and each.startswith("0001-") for each in made)


def test_ids_are_of_the_versions_that_systems_make() -> None:
    crowd = Crowd(1)
    assert UUID(crowd.new_id()).version == 4
    first, second = UUID(crowd.ordered_id(10)), UUID(crowd.ordered_id(11))
    assert (first.version, second.version) == (7, 7)
    assert first < second


def test_size_is_a_country_or_a_part_of_one() -> None:
    assert Size.named("country").records == 20_000_000
    assert Size.named("country/1000") == Size(1000, 4, 4, 1500, 3500, 20_000)
    for wrong in ("town", "country/", "country/0", "country/-1", "country/x"):
        with pytest.raises(ValueError, match="a size is"):
            Size.named(wrong)


def test_cost_is_the_processor_time_of_both_sides() -> None:
    small = Row("read", Figures(9, 100.0, 0.01, 0.02, 0.001, 0.001), None, 0)
    scaled = Row("read", Figures(9, 90.0, 0.01, 0.02, 0.001, 0.002), None, 0)
    (grown,) = together([small], [scaled, Row("new", scaled.ours, None, 0)])
    assert grown.cost == pytest.approx(1.5)
    assert scaled_table([grown]).splitlines()[-1] == "| read | 100 | 90 | 1,000 | 1,000 | 1,000 | 2,000 | 1.50 |"
