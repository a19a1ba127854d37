"""How people spell the same thing: when two texts are one name, one number. The only comparison of them stands here.

The functions of the database have the same names and give the same (`sql/0091_numbers.sql`, `sql/0191_names.sql`), as
tests prove. What is stored stays as it was written: these keys compare it, they never correct it.
"""

import re
import unicodedata
from collections.abc import Iterable

# Cyrillic letters that look like Latin ones: series of passports are typed in both alphabets, keys are issued in both.
_LATIN, _CYRILLIC = "ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_NO_PART_OF_NUMBER = re.compile("[^0-9A-ZЀ-ЯҐ]")

# What keyboards, word processors and registers have for the Ukrainian apostrophe, quotation marks among them.
_APOSTROPHES = "'\"`´«»ʹʺʻʼʽʾʿˈˊˋ՚‘’‚‛“”„‟′″‴‵‶‹›❛❜❝❞Ꞌꞌ＂＇｀"
# Soft hyphens, joiners, marks of direction, of stress and of a font: they are not seen, or not meant.
_UNSEEN = "".join(
    map(chr, (0xAD, 0x300, 0x301, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F)))
) + "".join(map(chr, (*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF)))
_DASHES = "-‐‑‒–—―⁃⁻₋−﹘﹣－"
_SPACES = "".join(map(chr, (*range(0x09, 0x0E), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F)))
_SPACES += "\u205f\u3000"
_SEPARATORS = _DASHES + _SPACES
_SIGNS = str.maketrans(_SEPARATORS, " " * len(_SEPARATORS), _APOSTROPHES + _UNSEEN)
# A letter of the other alphabet that nobody sees the difference of, and one under a mark of stress.
_SMALL, _SMALL_CYRILLIC = "abcehikmoptxyïëáéíóýѐѝѓќӏ", "авсенікмортхуїёаеіоуеигкі"
_LETTERS = str.maketrans(_SMALL, _SMALL_CYRILLIC)
_ALPHABET = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_ORDER = str.maketrans(_ALPHABET, "".join(chr(ord("A") + place) for place in range(len(_ALPHABET))))
_SEVERAL = re.compile("  +")
_HIDDEN = str.maketrans("", "", _UNSEEN)
_TYPED = str.maketrans(_SMALL[:14], _SMALL_CYRILLIC[:14]) | _TO_CYRILLIC | str.maketrans("ÏË", "ЇЁ")
_LATIN_LETTER = re.compile("[A-Za-z]")


# In JSON: any escape, so that a backslash that is escaped itself is not taken for the beginning of one.
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)


def composed(text: str) -> str:
    """A text as it is kept and sent: NFC, so й is one sign and not и with a breve (RFC 5198)."""
    return unicodedata.normalize("NFC", text)


def composed_bytes(raw: bytes) -> bytes:
    """The same for a document in JSON, signs written as \\u0306 too; what is not UTF-8 stays for its reader to refuse.

    Only texts can change: no sign of JSON's own has a composed form.
    """
    if raw.isascii() and b"\\u03" not in raw:
        return raw
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return raw
    return composed(_ESCAPE.sub(_unescaped, text) if "\\u03" in text else text).encode()


def _unescaped(found: re.Match[str]) -> str:
    """A letter or a mark that did not need its escape."""
    code = int(found[1] or "0", 16)
    return chr(code) if 0xA0 <= code < 0xD800 else found[0]


def spellings(password: str) -> Iterable[str]:
    """A password as it is hashed (RFC 8265), then as it may have been hashed before that was so.

    A machine that writes й as two signs set and typed it so; the page may have left it as it came.
    """
    prepared = composed("".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in password))
    return dict.fromkeys((prepared, composed(password), password, unicodedata.normalize("NFD", password)))


def plain_name(words: str) -> str:
    """A name of a person or a place as it is compared: words of small letters with one space between them.

    Case, apostrophes of every kind, hyphens or spaces, look-alike letters of the other alphabet, letters put together
    of two signs and marks that nobody sees make no difference.
    """
    composed = unicodedata.normalize("NFKC", words.translate(_SIGNS))
    return _SEVERAL.sub(" ", composed.lower().translate(_LETTERS)).strip(" ")


def sign_for_sign(text: str) -> str:
    """A text to look for spellings in: small letters, look-alikes as Cyrillic, and each sign at its place."""
    small = "".join(low if len(low := sign.lower()) == 1 else sign for sign in text)
    return small.translate(_LETTERS)


def in_cyrillic(words: str) -> str:
    """Words with letters of the other keyboard in them, as they are meant; a word that is Latin stays as it is."""
    return " ".join(_in_cyrillic(word) for word in composed(words).translate(_HIDDEN).split())


def _in_cyrillic(word: str) -> str:
    meant = word.translate(_TYPED)
    return word if _LATIN_LETTER.search(meant) else meant


def same_name(one: str | None, other: str | None) -> bool:
    """Are these the same name; a missing one is nobody's."""
    plain = plain_name(one or "")
    return plain != "" and plain == plain_name(other or "")


def name_order(words: str) -> str:
    """The key by which names are sorted: digits, Ukrainian letters, others; in the database it is `ukrainian_key`."""
    return plain_name(words).translate(_ORDER)


def has_name(names: str | None, name: str | None) -> bool:
    """Does a name stand among others, «Ольга» in «Ольга Юліанівна»."""
    plain = plain_name(name or "")
    return plain != "" and f" {plain} " in f" {plain_name(names or '')} "


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
