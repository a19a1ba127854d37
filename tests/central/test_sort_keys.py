"""The order of names: that of the Ukrainian alphabet, by letters alone; keys kept before are made anew."""

import random

import pytest

from esoz.kernel import sort_keys
from esoz.kernel.db import Connection
from esoz.kernel.spelling import name_order
from esoz.kernel.work import Work
from tests.kernel.test_spelling import SAME_NAMES

# The key of before: every sign that is no Ukrainian letter counts.
BEFORE = """create or replace function ukrainian_key(words text) returns text language sql immutable strict return
    translate(upper(words), 'АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ', '0123456789:;<=>?@ABCDEFGHIJKLMNOP')"""
PRESENT = "select pg_get_functiondef('ukrainian_key(text)'::regprocedure)"
ORDERS = [
    ["Об’їзне", "Обухів", "Овруч"],
    ["Солов’ївка", "Солов'їна", "Соловки", "Соловці"],
    ["Демиденко", "Дем'яненко", "Дем’янець", "Денисенко"],
    ["Гнат", "Ґнат", "Дмитро", "Еней", "Євген", "Жанна", "Ілля", "Їжак", "Йосип"],
    ["2-га міська", "Аптека", "Ящір", "Zdorovia"],
    ["Нечуй", "Нечуй Левицький", "Нечуйвітер"],
]


@pytest.mark.parametrize("names", ORDERS)
async def test_order_when_apostrophes_are_of_any_kind_then_letters_decide(db: Connection, names: list[str]) -> None:
    mixed = random.Random(1).sample(names, len(names))
    rows = await db.fetch('select n from unnest($1::text[]) n order by ukrainian_key(n) collate "C"', mixed)
    assert [row["n"] for row in rows] == names


@pytest.mark.parametrize("names", ORDERS)
def test_order_when_sorted_here_then_the_same(names: list[str]) -> None:
    assert sorted(random.Random(1).sample(names, len(names)), key=name_order) == names


async def test_order_when_made_here_then_the_key_is_the_same(db: Connection) -> None:
    names = [*(name for names in ORDERS for name in names), *(name for pair in SAME_NAMES for name in pair)]
    rows = await db.fetch("select n, ukrainian_key(n) as key from unnest($1::text[]) n", names)
    assert [row["n"] for row in rows if row["key"] != name_order(row["n"])] == []


async def test_order_when_one_name_is_spelt_in_two_ways_then_one_place(db: Connection) -> None:
    rows = await db.fetch(
        "select one, other from unnest($1::text[], $2::text[]) pair (one, other)"
        " where ukrainian_key(one) <> ukrainian_key(other)",
        [one for one, _ in SAME_NAMES],
        [other for _, other in SAME_NAMES],
    )
    assert rows == []


async def test_keys_kept_before_are_made_anew(work: Work, db: Connection) -> None:
    present = await db.fetchval(PRESENT)
    await db.execute(BEFORE)
    await db.execute("update parties set last_name = 'Мар’яненко'")
    await db.execute("update divisions set name = 'Кабінет ім’я'")
    await db.execute(present)
    await sort_keys.renew(work)
    whole = "last_name || ' ' || first_name || ' ' || coalesce(second_name, '')"
    for table, name in (("parties", whole), ("divisions", "name"), ("settlements", "name")):
        assert await db.fetchval(f"select count(*) from {table} where name_key <> ukrainian_key({name})") == 0
