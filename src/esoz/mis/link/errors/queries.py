"""What central's refusals mean here, for people."""

from collections.abc import Mapping, Sequence

from esoz.mis.base.explanations import Explanation, Explanations
from esoz.mis.base.services import MisPage, MisSection
from esoz.sdk import CentralBusy, CentralRefused

from .texts import BY_RULE, BY_STATUS, BY_TYPE, TEXTS
from .texts.fields import FIELDS
from .texts.recognition import RECOGNITION
from .texts.shapes import SHAPES


def explanations(sections: Sequence[MisSection]) -> Explanations:
    """The texts of all sections' operations, those of the latest section first, before what is common to all."""
    known = [each for section in reversed(sections) for each in section.errors]
    return Explanations([*known, *RECOGNITION, *TEXTS, *SHAPES], BY_RULE, BY_TYPE, BY_STATUS, FIELDS)


def explain(page: MisPage, refused: CentralRefused | CentralBusy) -> list[Explanation]:
    """Every fault of a refusal, at least one."""
    return page.services.explanations.of(refused)


def field_faults(page: MisPage, refused: CentralRefused | CentralBusy, fields: Mapping[str, str]) -> dict[str, str]:
    """Form field → what is wrong. `fields`: entry (its numbers as `[]`) → field; what has none comes under ""."""
    return page.services.explanations.at_fields(refused, fields, page.gettext)
