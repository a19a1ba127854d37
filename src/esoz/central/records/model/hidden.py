"""What forbidden groups hide of a record from who reads it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from .kinds import ENCOUNTERS, ENTITIES

EPISODES = "episodes"
# By the words that references have for them.
_LIST_OF: Mapping[str, str] = {
    **{kind.one: kind.name for kind in (ENCOUNTERS, *ENTITIES)},
    "episode": EPISODES,
    "episode_of_care": EPISODES,
}


@dataclass(frozen=True, slots=True)
class HiddenRecord:
    """A record, by the name of its list, and a group that hides it."""

    kind: str
    id: UUID
    group_id: UUID


@dataclass(frozen=True, slots=True)
class Hidden:
    """What the reader does not see, by the names of lists."""

    ids: Mapping[str, frozenset[UUID]] = field(default_factory=dict)

    def of(self, name: str) -> list[UUID] | None:
        """The hidden ones of a list; None when there are none."""
        return sorted(self.ids.get(name, ())) or None

    def has(self, name: str, id: UUID) -> bool:
        return id in self.ids.get(name, frozenset())

    def without_words(self, node: Any) -> Any:
        """AB-7: the same document; what is hidden is pointed at by its id, but nobody says what it is."""
        if not self.ids:
            return node
        if isinstance(node, list | tuple):
            return [self.without_words(each) for each in node]
        if not isinstance(node, Mapping):
            return node
        told = {name: self.without_words(value) for name, value in node.items()}
        return told | {"display_value": ""} if "display_value" in node and self._is_pointed_at(node) else told

    def _is_pointed_at(self, reference: Mapping[str, Any]) -> bool:
        identifier = reference.get("identifier")
        if not isinstance(identifier, Mapping):
            return False
        codings = (identifier.get("type") or {}).get("coding") or [{}]
        name = _LIST_OF.get(str(codings[0].get("code")), "")
        return str(identifier.get("value")) in {str(id) for id in self.ids.get(name, ())}


def hidden_by(records: Iterable[HiddenRecord], opened: Collection[UUID]) -> Hidden:
    """AB-7: a record is hidden while any group that it is in was not opened to the reader."""
    found: dict[str, set[UUID]] = {}
    for each in records:
        if each.group_id not in opened:
            found.setdefault(each.kind, set()).add(each.id)
    return Hidden({name: frozenset(ids) for name, ids in found.items()})
