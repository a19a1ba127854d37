"""How people spell the same thing: when two texts are one number. Here and in sql/ stands the only comparison.

The functions of the database have the same names and give the same (`sql/0091_numbers.sql`); a test compares them. What
is stored stays as it was written; it is compared, never corrected, by these keys.
"""

import re
import unicodedata

# Cyrillic letters that look like Latin ones: series of passports are typed in both alphabets, keys are issued in both.
_LATIN, _CYRILLIC = "ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_NO_PART_OF_NUMBER = re.compile("[^0-9A-ZЀ-ЯҐ]")


def plain_number(number: str) -> str:
    """A tax id or the number of a document as it is compared: capital letters and digits, look-alikes as Cyrillic."""
    # SG-4: passports stand in the place of the tax id, and EM-11 compares them too.
    capitals = unicodedata.normalize("NFKC", number.replace("№", "")).upper()
    return _NO_PART_OF_NUMBER.sub("", capitals.translate(_TO_CYRILLIC))


def same_number(one: str | None, other: str | None) -> bool:
    """Are these the same tax id or document; a missing one is nobody's."""
    plain = plain_number(one or "")
    return plain != "" and plain == plain_number(other or "")


def plain_code(code: str) -> str:
    """A code of Latin letters that we gave, as it was typed: capital letters and digits, look-alikes as Latin."""
    capitals = unicodedata.normalize("NFKC", code).upper()
    return "".join(character for character in capitals if character.isalnum()).translate(_TO_LATIN)
