"""Schema validation: a JSON Schema per operation, all faults at once, in the published error format."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import jsonschema_rs

from .errors import Invalid, Rejected
from .faults import one_too_many
from .members import NOT_ALLOWED, members_of

MOST_FAULTS = 20  # enough to correct a form at once; the source of 2019 stopped at six (ER-4)
READABLE = r"[^\s\p{Z}\p{C}]"
MISFIT = "value does not match the schema"

_OF_FORM = frozenset({"enum", "const", "format", "pattern", "x-dictionary"})
_VALUES = frozenset({"enum", "const", "examples", "required", "default"})  # of the document, not of the schema

_NESTED = frozenset({dict, list})

DictionaryLookup = Callable[[str], frozenset[str] | None]  # name → codes, None when the values are not known


class Schema:
    """One compiled schema; dictionaries are checked by name (`x-dictionary`, and `system` of codings)."""

    def __init__(self, schema: dict[str, Any], dictionaries: DictionaryLookup) -> None:
        self._dictionaries = dictionaries
        self.members = members_of(schema)
        self._validator = jsonschema_rs.Draft202012Validator(
            schema,
            validate_formats=True,
            keywords={"x-dictionary": _keyword(dictionaries)},
        )

    def check(self, body: object, *, root: str = "$") -> None:
        """Raise Rejected with every fault found (at most MOST_FAULTS)."""
        faults = [fault for error in self._validator.iter_errors(body) for fault in _faults(error, root)]
        faults += [fault for fault in codings(body, self._dictionaries, root)]
        if faults:
            raise Rejected(invalid=tuple(faults[:MOST_FAULTS]))


def without_blanks(node: Any) -> Any:
    """The same schema, which asks of every mandatory text that something can be read in it.

    Spaces and signs without a form (U+200B) make a name that nobody finds and no paper shows.
    """
    if isinstance(node, list):
        return [without_blanks(each) for each in node]
    if not isinstance(node, dict):
        return node
    whole = {name: value if name in _VALUES else without_blanks(value) for name, value in node.items()}
    properties = whole.get("properties")
    if isinstance(properties, dict) and isinstance(whole.get("required"), list):
        for name in whole["required"]:
            if _is_free_text(properties.get(name)):
                properties[name] = {**properties[name], "pattern": READABLE}
    return whole


def _is_free_text(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.get("type") == "string" and schema.keys().isdisjoint(_OF_FORM)


def _keyword(dictionaries: DictionaryLookup) -> type:
    class InDictionary:
        """The value is a code of the dictionary named in the schema."""

        def __init__(self, _schema: Any, name: Any, _path: Any) -> None:
            self.name = str(name)

        def validate(self, instance: Any) -> None:
            codes = dictionaries(self.name)  # asked each time: a dictionary may have changed since
            if codes is not None and isinstance(instance, str) and instance not in codes:
                raise ValueError(f"value is not allowed in dictionary {self.name}")

    return InDictionary


def codings(node: object, dictionaries: DictionaryLookup, path: str) -> Iterator[Invalid]:
    """Faults of all `{system, code}` pairs below `node`: the code must be in the dictionary named by the system."""
    # Places cost more than the question: they are told of a document that has faults.
    if any(_coding_fault(each, dictionaries) for each in _codings_below(node)):
        yield from _placed_faults(node, dictionaries, path)


def _codings_below(node: object) -> Iterator[dict[str, Any]]:
    waiting: list[Any] = [node]
    while waiting:
        node = waiting.pop()
        values: Any = ()
        if type(node) is dict:
            if "system" in node and "code" in node:
                yield node
            values = node.values()
        elif type(node) is list:
            values = node
        waiting += [each for each in values if type(each) in _NESTED]


def _coding_fault(coding: dict[str, Any], dictionaries: DictionaryLookup) -> Invalid | None:
    system, code = coding.get("system"), coding.get("code")
    if isinstance(system, str) and isinstance(code, str):
        codes = dictionaries(system)
        if codes is not None and code not in codes:
            return Invalid("", "inclusion", f"Value {code} not found in the dictionary {system}", [system])
    return None


def _placed_faults(node: object, dictionaries: DictionaryLookup, path: str) -> Iterator[Invalid]:
    if isinstance(node, dict):
        if fault := _coding_fault(node, dictionaries):
            yield replace(fault, entry=f"{path}.code")
        for key, value in node.items():
            yield from _placed_faults(value, dictionaries, f"{path}.{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from _placed_faults(value, dictionaries, f"{path}[{place}]")


def _faults(error: jsonschema_rs.ValidationError, root: str) -> Iterator[Invalid]:
    entry = root + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    kind: Any = error.kind
    name = kind.name
    if name in ("anyOf", "oneOf"):
        yield from _choice_faults(entry, error, root)
    elif name == "additionalProperties":
        yield from (Invalid(f"{entry}.{each}", "schema", NOT_ALLOWED) for each in kind.unexpected)
    elif name == "required":
        yield required(entry, kind.property)
    elif name in _WORDS:
        yield _WORDS[name](entry, kind, error)
    else:
        yield Invalid(entry, "schema", MISFIT)


def _choice_faults(entry: str, error: jsonschema_rs.ValidationError, root: str) -> Iterator[Invalid]:
    """Of several forms: the faults of the only one that the value can be, else that it is none of them."""
    kind: Any = error.kind
    forms = kind.context or []
    kinds = [_kinds_at(form, list(error.instance_path)) for form in forms]
    meant = [form for form, wrong_kinds in zip(forms, kinds, strict=True) if not wrong_kinds]
    if len(meant) == 1:
        for each in meant[0]:
            yield from _faults(each, root)
    elif not meant:
        yield _mismatch(entry, [kind for wrong_kinds in kinds for kind in wrong_kinds], error.instance)
    else:
        yield Invalid(entry, "schemata", "exactly one of the allowed forms must be present")


def _kinds_at(form: list[Any], place: list[Any]) -> list[str]:
    """The kinds that a form asks for where the value is of another; none when the value is of its kind."""
    here = [each for each in form if each.kind.name == "type" and list(each.instance_path) == place]
    return [kind for each in here for kind in each.kind.types]


def required(entry: str, name: str) -> Invalid:
    """The fault of a member that is not there."""
    return Invalid(f"{entry}.{name}", "required", f"required property {name} was not present")


def _type(entry: str, kind: Any, error: Any) -> Invalid:
    return _mismatch(entry, list(kind.types), error.instance)


def _mismatch(entry: str, kinds: list[str], value: object) -> Invalid:
    wanted = [kind for kind in dict.fromkeys(kinds) if kind != "null"] or ["null"]
    return Invalid(entry, "cast", f"type mismatch. Expected {' or '.join(wanted)} but got {_kind_of(value)}", wanted)


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "boolean"),
        (str, "string"),
        (int, "integer"),
        (float, "number"),
        (list, "array"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "object")


def _enum(entry: str, kind: Any, _error: Any) -> Invalid:
    return Invalid(entry, "inclusion", "value is not allowed in enum", list(kind.options))


def _custom(entry: str, _kind: Any, error: Any) -> Invalid:
    return Invalid(entry, "inclusion", error.message)


def _format(entry: str, kind: Any, _error: Any) -> Invalid:
    rule = "date" if kind.format == "date" else "format"
    return Invalid(entry, rule, f"expected a valid {kind.format}", [kind.format])


def _pattern(entry: str, kind: Any, _error: Any) -> Invalid:
    if kind.pattern == READABLE:
        return Invalid(entry, "required", "can't be blank")
    return Invalid(entry, "format", f"string does not match pattern {kind.pattern}", [kind.pattern])


def _limit(entry: str, kind: Any, _error: Any) -> Invalid:
    rule = "length" if "Length" in kind.name or "Items" in kind.name else "number"
    return Invalid(entry, rule, "expected " + _LIMITS[kind.name].format(kind.limit), [kind.limit])


_LIMITS = {
    "maxLength": "at most {} characters",
    "minLength": "at least {} characters",
    "maxItems": "at most {} items",
    "minItems": "at least {} items",
    "minimum": "a value >= {}",
    "maximum": "a value <= {}",
    "exclusiveMinimum": "a value > {}",
    "exclusiveMaximum": "a value < {}",
}


def _unique(entry: str, _kind: Any, _error: Any) -> Invalid:
    return Invalid(entry, "unique", "all items must be unique")


def _constant(entry: str, kind: Any, _error: Any) -> Invalid:
    return Invalid(entry, "inclusion", "value is not allowed in enum", [kind.expected_value])


def _one_too_many(entry: str, _kind: Any, error: Any) -> Invalid:
    # Nothing else forbids a known member: `dependentSchemas` of the one that it may not stand beside.
    beside, _, name = list(error.schema_path)[-3:]
    return one_too_many(entry, f"{entry.removesuffix(f'.{name}')}.{beside}", entry)


_WORDS: dict[str, Callable[[str, Any, Any], Invalid]] = {
    "type": _type,
    "enum": _enum,
    "x-dictionary": _custom,
    "format": _format,
    "pattern": _pattern,
    "uniqueItems": _unique,
    "const": _constant,
    "falseSchema": _one_too_many,
    **dict.fromkeys(
        (
            "maxLength",
            "minLength",
            "maxItems",
            "minItems",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
        ),
        _limit,
    ),
}
