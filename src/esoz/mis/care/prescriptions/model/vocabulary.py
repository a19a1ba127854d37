"""What a doctor may call a medicine: its substance in Ukrainian or Latin, a trade name, a word with a slip of the hand.

The words are those of the rows of the state register that the project carries. Central finds substances by their own
names; a trade name, or a name with a mistake, is turned into the substances that it may mean, and the doctor chooses.
"""

from difflib import get_close_matches
from functools import cache

from esoz.kernel.spelling import plain_name
from esoz.spec import drugs

LEAST_LETTERS = 3  # of a word that is looked up; two letters mean half of the register
LEAST_FOR_SLIPS = 5  # in a shorter word a slip makes another word
MOST_MEANT = 3
CLOSE = 0.75  # share of letters that agree: one or two slips in a long word


@cache
def _words() -> dict[str, frozenset[str]]:
    """Names as they are compared → the substances that they mean, as central names them. Made once in a process."""
    found: dict[str, set[str]] = {}
    for innm in drugs.tree(drugs.antibiotics()).innms:
        names = {innm.name, innm.name_original, *(brand.name for each in innm.dosages for brand in each.brands)}
        for key in filter(None, map(plain_name, names)):
            found.setdefault(key, set()).add(innm.name)
    return {name: frozenset(substances) for name, substances in found.items()}


def meant(text: str) -> list[str]:
    """Names of substances that a text may mean, the likeliest first; none when it resembles nothing."""
    typed = plain_name(text)
    if len(typed) < LEAST_LETTERS:
        return []
    begins = [name for name in _words() if name.startswith(typed) or f" {typed}" in name]
    close = [] if begins or len(typed) < LEAST_FOR_SLIPS else _close(typed)
    substances = [each for name in sorted(begins, key=len) or close for each in sorted(_words()[name])]
    return list(dict.fromkeys(substances))[:MOST_MEANT]


def _close(typed: str) -> list[str]:
    """Names that differ from the text by a letter or two, or whose beginning does while it is still being typed."""
    whole = get_close_matches(typed, _words(), n=MOST_MEANT, cutoff=CLOSE)
    if whole:
        return whole
    beginnings: dict[str, str] = {}
    for name in _words():
        beginnings.setdefault(name[: len(typed)], name)
    return [beginnings[each] for each in get_close_matches(typed, beginnings, n=MOST_MEANT, cutoff=CLOSE)]
