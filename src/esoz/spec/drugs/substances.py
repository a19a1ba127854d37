"""Active substances: several spellings in the register, one name here."""

import re
from decimal import Decimal

from .text import Reason, Unclear, plain

# The second substance of a pair, whichever order the register writes them in; with its international name.
COMPANIONS = {
    "авібактам": "avibactam",
    "клавуланова кислота": "clavulanic acid",
    "орнідазол": "ornidazole",
    "сульбактам": "sulbactam",
    "тазобактам": "tazobactam",
    "тинідазол": "tinidazole",
    "триметоприм": "trimethoprim",
    "циластатин": "cilastatin",
}
_SYNONYMS = {"кислота клавуланова": "клавуланова кислота"}
# International names that the register leaves out.
_ORIGINALS = {"іміпенем": "imipenem", "амоксицилін": "amoxicillin"}
# "... and beta-lactamase inhibitor" (an ATC group) does not say which. The ratio of the two amounts does, where only
# one such pair is made: 4:1 and above with amoxicillin is clavulanate; 2:1 and 1:1 may be clavulanate or sulbactam.
_BY_RATIO: dict[str, tuple[tuple[Decimal, Decimal, str], ...]] = {
    "амоксицилін": ((Decimal(4), Decimal(16), "клавуланова кислота"),),
    "ампіцилін": ((Decimal(2), Decimal(2), "сульбактам"),),
    "піперацилін": ((Decimal(8), Decimal(8), "тазобактам"),),
    "цефоперазон": ((Decimal(1), Decimal(2), "сульбактам"),),
    "цефтазидим": ((Decimal(4), Decimal(4), "авібактам"),),
    "цефтолозан": ((Decimal(2), Decimal(2), "тазобактам"),),
    "цефтріаксон": ((Decimal(2), Decimal(2), "сульбактам"), (Decimal(8), Decimal(8), "тазобактам")),
}
_UNNAMED = re.compile(r"(?: та|,)? інг[іи]бітор\w* бета-лактамаз\w*|, комбінації$")
UNNAMED = "?"
# Letters that look the same: the register has `вальcартан` with one of them typed on the other keyboard.
_ALIKE = str.maketrans("aceiopxy", "асеіорху")
_CYRILLIC = re.compile(r"[а-яіїєґ]")


def one_alphabet(name: str) -> str:
    """DR-9: a Ukrainian word without the Latin letters that were typed into it by mistake; a Latin word as it is."""
    return " ".join(word.translate(_ALIKE) if _CYRILLIC.search(word) else word for word in name.split())


def substances(inn: str) -> tuple[str, ...]:
    """Return the substances of one register cell, the main one first; UNNAMED stands for one not named.

    Raises Unclear when there is none, or when nothing says which of several is the main one.
    """
    text = one_alphabet(plain(inn).replace("*", ""))
    unnamed = _UNNAMED.search(text) is not None
    parts = [part.strip() for part in re.split(r";| та | і ", _UNNAMED.sub("", text)) if part.strip()]
    names = list(dict.fromkeys(_SYNONYMS.get(part, part) for part in parts))
    if not names:
        raise Unclear(Reason.NO_SUBSTANCE)
    if unnamed:
        names.append(UNNAMED)
    if len(names) == 1:
        return (names[0],)
    main = [name for name in names if name not in COMPANIONS and name != UNNAMED]
    if len(names) > 2 or len(main) != 1:
        raise Unclear(Reason.ORDER_OF_SUBSTANCES)
    return (main[0], next(name for name in names if name != main[0]))


def named(names: tuple[str, ...], amounts: tuple[Decimal, ...]) -> tuple[str, ...]:
    """Name the inhibitor that the register left out, by the ratio of amounts; Unclear when it may be either."""
    if UNNAMED not in names:
        return names
    ratio = amounts[0] / amounts[1]
    for lowest, highest, name in _BY_RATIO.get(names[0], ()):
        if lowest <= ratio <= highest:
            return (names[0], name)
    raise Unclear(Reason.UNNAMED_SUBSTANCE)


def original(names: tuple[str, ...], inn_en: str) -> str:
    """Return the international name: the register's for one substance, put together for a pair."""
    first = re.split(r";| and |,", inn_en.strip(" ;"))[0].strip()
    if len(names) == 1:
        return first
    main = _ORIGINALS.get(names[0], first)
    return f"{main} and {COMPANIONS[names[1]]}"
