"""Migrations hold no large table while they work, and those that were merged stay as they were."""

import csv
from pathlib import Path

import pytest
from tools.safe_migrations import faults

from esoz.kernel.migrations import OUTSIDE, Migration

ROOT = Path(__file__).parents[2] / "src" / "esoz"
# Merged before the rule was there; never edited, so neither is this list.
with (Path(__file__).parent / "merged_migrations.csv").open(encoding="utf-8", newline="") as _file:
    MERGED = {row["file"]: row["sha256"] for row in csv.DictReader(_file)}
EVERY = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in sorted(ROOT.rglob("*.sql"))}


@pytest.mark.parametrize("name", EVERY)
def test_migration_when_new_then_it_stops_nobody(name: str) -> None:
    folder = name.rpartition("/")[0]
    earlier = [sql for other, sql in EVERY.items() if other.rpartition("/")[0] == folder and other < name]
    assert name in MERGED or faults(EVERY[name], earlier) == []


def test_migrations_that_were_merged_are_there_unedited() -> None:
    assert {name: Migration(name, EVERY[name]).digest for name in MERGED if name in EVERY} == MERGED


CHECK = "alter table visits add constraint told check (note is not null) not valid;"
VALID = "alter table visits validate constraint told;"


class TestFaults:
    @pytest.mark.parametrize(
        "sql",
        [
            "create table visits (id uuid primary key); create index visits_of on visits (id);",
            f"{OUTSIDE}\ncreate index concurrently visits_of on visits (id);",
            f"{OUTSIDE}\ncreate unique index concurrently visits_of on visits (lower(note)) where note <> 'a;b';",
            f"{OUTSIDE}\ndrop index concurrently visits_of;",
            "alter table visits add column note text;",
            "alter table visits add told boolean not null default false, add column at timestamptz default now();",
            "alter table visits add constraint of_patient foreign key (id) references patients not valid;",
            "alter table visits add constraint once unique using index visits_of;",
            "alter table visits rename constraint visits_pkey to visits_drawn;",
            "alter table visits drop constraint told, alter column note drop not null;",
            CHECK,
            "-- the patient's\n-- safe: forty rows\ncreate index codes_of on codes (id);",
            "create function f() returns trigger language plpgsql as $$ begin update visits set id = id; end $$;",
            "insert into codes values ('update visits; drop table visits');",
        ],
    )
    def test_when_it_holds_nothing_long_then_none(self, sql: str) -> None:
        assert faults(sql) == []

    @pytest.mark.parametrize(
        ("sql", "words"),
        [
            ("create index visits_of on visits (id);", "an index of visits without concurrently"),
            ("create index visits_of on visits (id);\n-- safe: comes too late", "without concurrently"),
            ("create index concurrently visits_of on visits (id);", "works outside a transaction"),
            (f"{OUTSIDE}\ncreate index concurrently a on b (c); select 1;", "one statement a file"),
            ("drop index visits_of;", "drop index without concurrently"),
            ("reindex table visits;", "reindex without concurrently"),
            ("alter table visits add column key uuid default gen_random_uuid();", "a value that differs by row"),
            ("alter table visits add key bigserial;", "a value that differs by row"),
            ("alter table visits add n int generated always as (1) stored;", "a value that differs by row"),
            ("alter table visits add column note text not null;", "empty first, then filled, then required"),
            ("alter table visits add column of uuid references patients;", "comes alone"),
            ("alter table visits alter column note type varchar;", "a type is changed"),
            ("alter table visits alter note set data type int;", "a type is changed"),
            ("alter table visits alter column note set not null;", "not null without a check"),
            ("alter table visits add foreign key (id) references patients;", "without not valid"),
            ("alter table only visits add constraint told check (note <> '');", "without not valid"),
            ("alter table visits add constraint once unique (id);", "builds an index under the lock"),
            (f"{CHECK} {VALID}", "validated in a migration after"),
            ("alter table visits rename to meetings;", "a rename"),
            ("alter table visits rename column note to text;", "a rename"),
            ("alter table visits add column a int, drop column note;", "a column is dropped"),
            ("drop table visits;", "a table is dropped"),
            ("update visits set note = '';", "an update of a whole table"),
            ("delete from visits;", "a deletion in one transaction"),
            ("truncate visits;", "holds the whole table"),
            ("-- the patient's\ncreate index visits_of on visits (id); -- and the doctor's", "without concurrently"),
        ],
    )
    def test_when_it_holds_a_table_then_said_so(self, sql: str, words: str) -> None:
        (found,) = faults(sql)
        assert words in found

    def test_index_when_its_name_is_taken_then_said_so(self) -> None:
        made = f"{OUTSIDE}\ncreate index concurrently visits_of on visits (id);"
        other = f"{OUTSIDE}\ncreate index concurrently visits_of on visits (note);"
        assert len(faults(other, [made])) == 1
        assert faults(other, [made, f"{OUTSIDE}\ndrop index concurrently if exists visits_of;"]) == []

    def test_not_null_when_a_check_was_valid_before_then_none(self) -> None:
        required = "alter table visits alter column note set not null;"
        assert faults(VALID, [CHECK]) == []
        assert faults(required, [CHECK, VALID]) == []
        assert len(faults(required, [CHECK])) == 1
        assert len(faults(required.replace("note", "other"), [CHECK, VALID])) == 1
