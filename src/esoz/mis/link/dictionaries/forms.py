"""Pickers without scripts: the form comes back with what was found."""

from collections.abc import Mapping

from esoz.mis.base.dictionaries import Choice
from esoz.mis.base.services import MisPage

FIND = "find"


def found_options(page: MisPage, sources: Mapping[str, str]) -> dict[str, list[Choice]]:
    """Field → choices for the picker whose button «Знайти» was pressed; `sources`: field → dictionary."""
    field = page.form.text(FIND)
    if field not in sources:
        return {}
    return {field: page.services.dictionaries.search(sources[field], page.form.text(f"{field}_text"))}
