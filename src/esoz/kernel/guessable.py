"""Passwords that are easy to guess: common words with digits and signs around them, and a user's own names."""

import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib.resources import files

FEWEST_KINDS = 5  # different characters; «AAAAaaaa1111» is no password
SHORTEST_WORD = 4  # a part of one's own name or address that counts

_LEET = str.maketrans("013457@$!", "oieastasi")
_ENDS = re.compile(r"^[\d\W_]+|[\d\W_]+$")
_WORD = re.compile(r"[\W\d_]+")


@cache
def common_words() -> frozenset[str]:
    """Words that people make passwords of, those of our trade and of this system among them; small letters."""
    return frozenset((files(__package__) / "common_passwords.txt").read_text("utf-8").split())


def is_common(password: str, own: Iterable[str] = ()) -> bool:
    """Whether it is a common word with digits and signs around it, the user's own name, or hardly anything."""
    plain = password.lower()
    if len(set(plain)) < FEWEST_KINDS:
        return True
    mine = {word for text in own for word in _WORD.split(text.lower()) if len(word) >= SHORTEST_WORD}
    if any(word in plain for word in mine):
        return True
    bare = _ENDS.sub("", plain)
    kept = {bare, bare.translate(_LEET), _WORD.sub("", plain)}
    return any(word in common_words() or _halves(word, common_words()) for word in kept if word)


def _halves(word: str, words: Collection[str]) -> bool:
    """Two common words written together: «passwordqwerty»."""
    return any(word[:place] in words and word[place:] in words for place in range(2, len(word) - 1))
