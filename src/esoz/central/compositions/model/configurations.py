"""The register of kinds of medical conclusions: it comes with the release (`spec/compositions.json`)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from esoz.spec.compositions import Configuration, configurations

from .filters import ConfigurationFilter

SINCE = datetime(2026, 12, 1, tzinfo=UTC)  # when the register of kinds began; a changed row comes with a release
REGISTER = UUID(int=0)  # nobody's hand: rows come with the release


def configuration(type: str, category: str) -> Configuration | None:
    """CM-2: the kind in use, None when there is none such."""
    for each in configurations():
        if (each.type, each.category) == (type, category) and each.is_active:
            return each
    return None


def is_type(type: str) -> bool:
    """Whether conclusions of this type may be written."""
    return any(each.type == type and each.is_active for each in configurations())


def matching(wanted: ConfigurationFilter) -> Sequence[Configuration]:
    """The kinds that a list asks for; all of them are as old as the register."""
    day = SINCE.date()
    lows, highs = (wanted.inserted_at_from, wanted.updated_at_from), (wanted.inserted_at_to, wanted.updated_at_to)
    if any(low and low > day for low in lows) or any(high and high < day for high in highs):
        return ()
    return [
        each
        for each in configurations()
        if wanted.type in (None, each.type)
        and wanted.category in (None, each.category)
        and wanted.is_active in (None, each.is_active)
    ]
