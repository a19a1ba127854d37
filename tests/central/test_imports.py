"""Whole registers from files, by the command line's own function, on a database of its own."""

import csv
import gzip
import io
from dataclasses import replace
from pathlib import Path

import pytest

from esoz import spec
from esoz.__main__ import _parser
from esoz.central import imports
from esoz.kernel.db import Database
from esoz.kernel.settings import Settings
from esoz.spec.drugs.forms import form
from esoz.spec.files import content

NAME = "eHealth/LOINC/observation_codes"


@pytest.fixture
def settings(fresh_database: Database, tmp_path: Path) -> Settings:
    (tmp_path / "trust").mkdir()
    return Settings(
        {
            "ESOZ_CENTRAL_DATABASE": fresh_database.url,
            "ESOZ_VAR": str(tmp_path),
            "ESOZ_SANDBOX": "1",
        }
    )


async def take(settings: Settings, register: str, file: imports.File, *, partial: bool = False) -> list[str]:
    said: list[str] = []
    await imports.import_file(settings, register, file, partial=partial, say=said.append)
    return said


def written(name: str, text: str) -> imports.File:
    return imports.File(name, text.encode())


class TestDictionaries:
    async def test_csv_when_taken_in_twice_then_the_second_changes_nothing(self, settings, fresh_database):
        file = written("loinc.csv", f"name,code,description\n{NAME},8310-5,Температура\n{NAME},1-8,Щось\n")
        before = {value.code for value in spec.dictionary(NAME).values if value.is_active}
        first = await take(settings, "dictionaries", file)
        assert first[-1] == f"1 dictionaries, codes: 1 added, 1 changed, {len(before) - 1} out of use"
        assert (await take(settings, "dictionaries", file))[-1] == (
            "1 dictionaries, codes: 0 added, 0 changed, 0 out of use"
        )
        async with fresh_database.connection() as db:
            assert await db.fetchval("select is_partial from dictionaries where name = $1", NAME) is False
            lines = await db.fetch("select operation, event from audit_events where event = 'dictionaries.imported'")
            assert ("dictionaries import", "dictionaries.imported") in [tuple(line) for line in lines]

    async def test_json_when_partial_then_known_to_be(self, settings, fresh_database):
        file = written(
            "new.json",
            '{"data": [{"name": "NEW", "values": ['
            '{"code": "A", "description": "а", "child_values": [{"code": "B"}]}]}]}',
        )
        said = await take(settings, "dictionaries", file, partial=True)
        assert said == ["NEW: 2 codes", "1 dictionaries, codes: 2 added, 0 changed, 0 out of use"]
        async with fresh_database.connection() as db:
            assert await db.fetchval("select is_partial from dictionaries where name = 'NEW'")
            parent = "select parent_code from dictionary_values where dictionary_name = 'NEW' and code = 'B'"
            assert await db.fetchval(parent) == "A"

    @pytest.mark.parametrize(
        ("name", "text", "words"),
        [
            ("a.csv", "code\nA\n", "columns are name, code, description"),
            ("a.csv", "name,code,description\nN,A,а\nN,A,б\n", "N: codes stand twice: A"),
            ("a.csv", "name,code,description,parent\nN,A,а,B\n", "N: no such parents: B"),
            ("a.json", "[", "truncated"),
        ],
    )
    async def test_file_when_wrong_then_nothing_is_taken_in(self, settings, name, text, words):
        with pytest.raises(ValueError, match=words):
            await take(settings, "dictionaries", written(name, text))


class TestServices:
    async def test_carried_file_when_taken_in_then_counted(self, settings):
        file = written("services.csv", content("services.csv").decode())
        assert (await take(settings, "services", file))[-3:] == [
            "service groups: 7 added, 0 changed, 0 out of use",
            "services: 18 added, 0 changed, 0 out of use",
            "services of programmes: 0 added, 0 changed, 0 out of use",
        ]

    async def test_file_when_wrong_then_nothing_is_taken_in(self, settings, fresh_database):
        file = written("services.csv", "type,code,name\ngroup,A,Група\nservice,S,Послуга\n")
        with pytest.raises(ValueError, match="the category must be filled in"):
            await take(settings, "services", file)
        async with fresh_database.connection() as db:
            assert await db.fetchval("select count(*) from service_groups") == 0


def _register(*substances: str) -> str:
    """Rows of the carried register whose substance is one of these."""
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(content("drugs-j01.csv.gz")).decode())))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(row for row in rows if row["inn_ua"] in substances)
    return out.getvalue()


# DR-5
class TestDrugs:
    async def test_register_when_taken_in_again_with_less_then_the_rest_goes_out_of_use(self, settings):
        whole = written("register.csv", _register("амоксицилін", "азитроміцин"))
        first = (await take(settings, "drugs", whole))[-1]
        assert first.endswith(" added, 0 changed, 0 out of use") and not first.startswith("packages: 0 ")
        assert (await take(settings, "drugs", whole))[-1] == "packages: 0 added, 0 changed, 0 out of use"
        less = replace(written("register.csv", _register("амоксицилін")), shrinks=True)
        assert not (await take(settings, "drugs", less))[-1].endswith(" 0 out of use")

    # DR-14
    async def test_file_when_cut_off_between_two_rows_then_nothing_goes_out_of_use(self, settings):
        whole = written("register.csv", _register("амоксицилін", "азитроміцин", "левофлоксацин", "ципрофлоксацин"))
        await take(settings, "drugs", whole)
        lines = whole.raw.decode("utf-8").splitlines()
        cut = written("register.csv", "\n".join(lines[: len(lines) * 3 // 5]) + "\n")
        with pytest.raises(ValueError, match="would go out of use, more than a tenth: is the file whole"):
            await take(settings, "drugs", cut)
        assert (await take(settings, "drugs", whole))[-1] == "packages: 0 added, 0 changed, 0 out of use"

    async def test_file_when_another_then_nothing_is_taken_in(self, settings):
        with pytest.raises(ValueError, match="the register lacks columns"):
            await take(settings, "drugs", written("register.csv", "a,b\n1,2\n"))

    async def test_file_when_packed_then_reported_by_line_and_counts_add_up(self, settings, tmp_path):
        plain = _register("амоксицилін")
        odd = plain.splitlines()[1].split(",", 1)
        text = plain + ",".join(("ODD-1", odd[1])).replace("амоксицилін", "", 1) + "\n"
        report = tmp_path / "left-out.csv"
        said = await take(settings, "drugs", imports.File("r.csv.gz", gzip.compress(text.encode()), report))
        with report.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert (rows[-1]["line"], rows[-1]["reason"]) == (str(len(text.splitlines())), "no_substance")
        assert rows[-1]["explanation"] == "the active substance is not stated"
        whole, taken, left_out = (int(line.split()[0]) for line in said[:3])
        assert whole == taken + left_out == len(text.splitlines()) - 1 and left_out == len(rows)

    async def test_form_when_in_no_table_then_named_with_how_many(self, settings):
        rows = list(csv.DictReader(io.StringIO(_register("амоксицилін"))))
        odd = [
            {**rows[0], "package_pcid": f"ODD-{n}", "release_form": words}
            for n, words in enumerate(("Гель", "Гель", ""))
        ]
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows([*rows, *odd])
        said = await take(settings, "drugs", written("r.csv", out.getvalue()))
        told = [line for line in said if "form not in the table" in line]
        assert told == ["  form not in the table: Гель: 2", "  form not in the table: not stated: 1"]

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            ("Таблетка, вкрита плівковою оболонкою, гастрорезистентна", "GASTRO_RESISTANT_TABLET"),
            ("Гастрорезистентна капсула, м'яка", "GASTRO_RESISTANT_CAPSULE"),
        ],
    )
    def test_form_when_written_in_another_way_then_the_same_form(self, words, code):
        assert form(words, "").code == code

    async def test_file_when_broken_then_nothing_is_taken_in(self, settings, fresh_database):
        text = _register("амоксицилін")
        last = text.splitlines()[-1]
        packed = gzip.compress(text.encode())
        for file, said in (
            (written("r.csv", f"{text}{last}\n"), "stands on line"),
            (written("r.csv", text + last.split(",", 1)[0]), "not as many cells"),
            (imports.File("r.csv.gz", packed[:-20]), "damaged or cut off"),
            (imports.File("r.csv.gz", text.encode()), "damaged or cut off"),
            (imports.File("r.csv", text.encode("utf-16")), "utf-8"),
        ):
            with pytest.raises(ValueError, match=said):
                await take(settings, "drugs", file)
        async with fresh_database.connection() as db:
            assert await db.fetchval("select count(*) from medications") == 0


@pytest.mark.parametrize("register", ["dictionaries", "diagnoses-groups", "drugs", "forbidden-groups", "services"])
def test_command_when_asked_for_help_then_it_tells_the_columns(register, capsys):
    with pytest.raises(SystemExit) as ended:
        _parser().parse_args([register, "import", "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "Ends with what was added and changed." in told and "code" in told
