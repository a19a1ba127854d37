"""Finds the target of a method and path: a trie of path segments, literal before variable."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from .errors import MethodNotAllowed, NotFound

T = TypeVar("T")


@dataclass(slots=True)
class _Node(Generic[T]):
    literal: "dict[str, _Node[T]]" = field(default_factory=dict)
    variable: "_Node[T] | None" = None
    targets: dict[str, tuple[T, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """What was found, and the values of the variables in the path."""

    target: T
    params: dict[str, str]


class Router(Generic[T]):
    """Routes like `GET /api/persons/{id}`; a trailing slash is accepted, for some published templates have one."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, method: str, path: str, target: T) -> None:
        """Add a route; raise ValueError when the same method and path shape is there already."""
        node, names = self._root, []
        for segment in _segments(path):
            if segment.startswith("{"):
                names.append(segment[1:-1])
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                known = node.literal.get(segment)
                if known is None:
                    known = node.literal[segment] = _Node()
                node = known
        if method in node.targets:
            raise ValueError(f"{method} {path} is routed twice")
        node.targets[method] = (target, tuple(names))

    def match(self, method: str, path: str) -> Match[T]:
        """Find the target; raise NotFound or MethodNotAllowed."""
        found = _walk(self._root, _segments(path), 0, ())
        if found is None:
            raise NotFound()
        node, values = found
        if method not in node.targets:
            raise MethodNotAllowed(headers={"Allow": ", ".join(sorted(node.targets))})
        target, names = node.targets[method]
        return Match(target, dict(zip(names, values, strict=True)))


def _segments(path: str) -> list[str]:
    return path.strip("/").split("/")


def _walk(
    node: _Node[T], segments: list[str], at: int, values: tuple[str, ...]
) -> tuple[_Node[T], tuple[str, ...]] | None:
    if at == len(segments):
        return (node, values) if node.targets else None
    segment = segments[at]
    literal = node.literal.get(segment)
    if literal is not None and (found := _walk(literal, segments, at + 1, values)):
        return found
    if node.variable is not None and segment:
        return _walk(node.variable, segments, at + 1, (*values, segment))
    return None
