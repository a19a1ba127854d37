"""Versions of programs compared as versions and not as text: 1.10 comes after 1.9, and 2.0rc1 before 2.0."""

import re
from typing import TypeAlias

# Version → what sorts: the release, then what comes before it (dev, a, b, rc) and after it (post), as PEP 440 orders
# them. Versions of SemVer (2.0.0-beta.2) read the same; what stands behind «+» tells builds apart and orders nothing.
VersionKey: TypeAlias = tuple[tuple[int, ...], tuple[int, int], int, float]

_VERSION = re.compile(
    r"v?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|rc|c)(?:[-_.]?(?P<pre_number>\d+))?)?"
    r"(?P<post>[-_.]?(?:post|rev|r)(?:[-_.]?(?P<post_number>\d+))?)?"
    r"(?P<dev>[-_.]?dev(?:[-_.]?(?P<dev_number>\d+))?)?"
    r"(?:\+[a-z\d.-]+)?",
    re.ASCII | re.IGNORECASE,
)
_STAGES = {"alpha": 0, "a": 0, "beta": 1, "b": 1, "preview": 2, "pre": 2, "rc": 2, "c": 2}
_BEFORE_ALL, _FINAL = (-1, 0), (3, 0)
LONGEST = 100


def version_key(text: str) -> VersionKey | None:
    """What versions are compared by; None for a text that is no version."""
    found = _VERSION.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if found is None:
        return None
    release = [int(part) for part in found["release"].split(".")]
    while len(release) > 1 and not release[-1]:  # 1.0 is 1
        release.pop()
    post = int(found["post_number"] or 0) if found["post"] else -1
    dev = int(found["dev_number"] or 0) if found["dev"] else float("inf")
    if found["pre"]:
        stage = (_STAGES[found["pre"].lower()], int(found["pre_number"] or 0))
    else:
        stage = _BEFORE_ALL if found["dev"] and not found["post"] else _FINAL
    return tuple(release), stage, post, dev


def is_older(one: str, other: str) -> bool:
    """Whether the first version comes before the second; of what is no version nothing is said."""
    first, second = version_key(one), version_key(other)
    return first is not None and second is not None and first < second
