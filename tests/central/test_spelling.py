"""The functions of the database compare spellings as those of the kernel do."""

from esoz.kernel.db import Connection
from esoz.kernel.spelling import plain_name, plain_number
from tests.kernel.test_spelling import NUMBERS, OTHER_NAMES, SAME_NAMES

# Every character that a person of this country may have typed or pasted, and what stands near it in Unicode.
CHARACTERS = [chr(code) for code in (*range(0x20, 0x530), *range(0x1E00, 0x2200), *range(0xFF00, 0xFFF0))]


async def test_plain_number_when_the_database_makes_it_then_it_is_the_same(db: Connection) -> None:
    asked = [f"А{character}9" for character in CHARACTERS if len(character.upper()) == 1]
    asked += [each for pairs in NUMBERS.values() for pair in pairs for each in pair]
    rows = await db.fetch("select number, plain_number(number) as plain from unnest($1::text[]) number", asked)
    assert [row["number"] for row in rows if row["plain"] != plain_number(row["number"])] == []


async def test_plain_name_when_the_database_makes_it_then_it_is_the_same(db: Connection) -> None:
    # The small form of a Greek sigma at the end of a word is another one for Python; no name has it.
    letters = [each for each in CHARACTERS if len(each.lower()) == 1 and each not in "ΣϹ"]
    asked = [f"Н{character}\u0306 {character}" for character in letters]
    asked += [each for pair in SAME_NAMES + OTHER_NAMES for each in pair if each is not None]
    rows = await db.fetch("select name, plain_name(name) as plain from unnest($1::text[]) name", asked)
    assert [row["name"] for row in rows if row["plain"] != plain_name(row["name"])] == []
