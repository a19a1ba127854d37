"""Territories as they are shown; not published, spelled as its neighbours are."""

from esoz.kernel.payload import JSON, omit_none

from .model import WITHOUT_PRESCRIPTION, Territory


def territory(found: Territory) -> JSON:
    """A row of the list, with what it allows."""
    return omit_none(
        id=found.id,
        kind=found.kind,
        katottg=found.katottg,
        name=found.name,
        region=found.region or None,
        district=found.district or None,
        begins=found.begins,
        ends=found.ends,
        except_names=list(found.except_names) or None,
        except_katottg=list(found.except_codes) or None,
        dispensing_without_prescription=found.kind in WITHOUT_PRESCRIPTION,
    )
