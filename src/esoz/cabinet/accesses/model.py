"""A permission for a doctor, and one for a system, as a patient reads them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from esoz.kernel.pages import mark as _


class Event(StrEnum):
    READ = "accesses.read"
    APPROVAL_ENDED = "approval.ended"
    SYSTEM_ENDED = "system_access.ended"


NEW, ACTIVE, CANCELED = "new", "active", "canceled"
# What may be opened, by the code of eHealth/resources.
KIND_WORDS: Mapping[str, str] = {
    "patient": _("усі Ваші медичні записи"),
    "person": _("усі Ваші медичні записи"),
    "episode": _("лікування з приводу"),
    "episode_of_care": _("лікування з приводу"),
    "encounter": _("прийом"),
    "diagnostic_report": _("діагностичний звіт"),
    "procedure": _("процедура"),
    "care_plan": _("план лікування"),
    "service_request": _("направлення"),
    "observation": _("обстеження"),
    "condition": _("діагноз"),
    "forbidden_group": _("записи, які без Вашої згоди приховано від інших закладів:"),
}
OTHER = _("медичний запис")
# How much: central's access levels.
LEVEL_WORDS: Mapping[str, str] = {"read": _("Читати"), "write": _("Читати й доповнювати")}


@dataclass(frozen=True, slots=True)
class Approval:
    """What one doctor may see."""

    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def status(self) -> str:
        return str(self.content["status"])

    @property
    def doctor(self) -> str:
        return _display(self.content.get("granted_to") or {})

    @property
    def clinic(self) -> str:
        return str((self.content.get("legal_entity") or {}).get("name") or "")

    @property
    def opened(self) -> Sequence[tuple[str, str]]:
        """What is opened: its kind in marked words, and its name."""
        named = [(_kind(each), _display(each)) for each in self.content.get("granted_resources") or ()]
        kinds = [(_code(each), "") for each in self.content.get("granted_resource_types") or ()]
        return [(KIND_WORDS.get(code, OTHER), name) for code, name in dict.fromkeys(named + kinds)]

    @property
    def level(self) -> str:
        """How much the doctor may do, in marked words; the code of central when it is another one."""
        code = str(self.content.get("access_level") or "")
        return LEVEL_WORDS.get(code, code)

    @property
    def expires_at(self) -> datetime:
        return datetime.fromisoformat(self.content["expires_at"])

    def is_open(self, now: datetime) -> bool:
        """Does it let somebody in, or would with the patient's code."""
        return self.status in (NEW, ACTIVE) and self.expires_at > now

    @property
    def is_waiting(self) -> bool:
        """Asked for, and the patient has not told the code."""
        return self.status == NEW


def _display(reference: Mapping[str, Any]) -> str:
    return str(reference.get("display_value") or "")


def _kind(reference: Mapping[str, Any]) -> str:
    return _code((reference.get("identifier") or {}).get("type") or {})


def _code(concept: Mapping[str, Any]) -> str:
    codings: Iterable[Mapping[str, Any]] = concept.get("coding") or ()
    return next((str(each["code"]) for each in codings), "")


@dataclass(frozen=True, slots=True)
class System:
    """A system that acts on the patient's behalf; `is_ours`: this very cabinet."""

    content: Mapping[str, Any]
    is_ours: bool

    @property
    def id(self) -> str:
        return str(self.content["id"])

    @property
    def name(self) -> str:
        return str(self.content.get("client_name") or "")

    @property
    def since(self) -> str:
        return str(self.content.get("created_at") or "")
