"""What of a signed conclusion is compared and kept: the words of our registers stand beside it, never in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.kernel.references import Target

from .model import Composition, Status
from .model.compositions import Ending


def split(content: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A signed mark in error as the conclusion that it repeats, and what it adds."""
    rest = dict(content)
    added = {name: rest.pop(name) for name in Ending.__struct_fields__ if name in rest}
    return rest, added


def marked(composition: Composition) -> Mapping[str, Any]:
    """CM-11: what a mark in error repeats: the conclusion as it was signed, in its new status."""
    return {**composition.content, "status": str(Status.ENTERED_IN_ERROR)}


def compared(node: Any) -> Any:
    """CM-11: a document without the words of registers, which every reading spells in its own place."""
    if isinstance(node, list):
        return [compared(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    plain = {name: compared(value) for name, value in node.items() if name != "display_value"}
    if "value" in node and isinstance(plain.get("type"), dict):
        plain["type"] = {name: value for name, value in plain["type"].items() if name != "text"}
    return plain


def words(names: Mapping[Target, str]) -> Mapping[str, str]:
    """Words by the kind and the id of what they are of, as they are kept."""
    return {f"{kind}/{id}": word for (kind, id), word in names.items()}


def target(kind: str, id: UUID) -> Target:
    """Two names of one thing are one."""
    return ("episode" if kind == "episode_of_care" else kind, id)
