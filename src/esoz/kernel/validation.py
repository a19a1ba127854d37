"""Schema validation: a JSON Schema per operation, all faults at once, in the published error format."""

from collections.abc import Callable, Iterator
from typing import Any

import jsonschema_rs

from .errors import Invalid, Rejected

MOST_FAULTS = 20  # enough to correct a form at once; the source of 2019 stopped at six (ER-4)

DictionaryLookup = Callable[[str], frozenset[str] | None]  # name → codes, None when the values are not known


class Schema:
    """One compiled schema; dictionaries are checked by name (`x-dictionary`, and `system` of codings)."""

    def __init__(self, schema: dict[str, Any], dictionaries: DictionaryLookup) -> None:
        self._dictionaries = dictionaries
        self._validator = jsonschema_rs.Draft202012Validator(
            schema,
            validate_formats=True,
            keywords={"x-dictionary": _keyword(dictionaries)},
        )

    def check(self, body: object, *, root: str = "$") -> None:
        """Raise Rejected with every fault found (at most MOST_FAULTS)."""
        faults = [_invalid(error, root) for error in self._validator.iter_errors(body)]
        faults += [fault for fault in codings(body, self._dictionaries, root)]
        if faults:
            raise Rejected(invalid=tuple(faults[:MOST_FAULTS]))


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
    if isinstance(node, dict):
        system, code = node.get("system"), node.get("code")
        if isinstance(system, str) and isinstance(code, str):
            codes = dictionaries(system)
            if codes is not None and code not in codes:
                description = f"Value {code} not found in the dictionary {system}"
                yield Invalid(f"{path}.code", "inclusion", description, [system])
        for key, value in node.items():
            yield from codings(value, dictionaries, f"{path}.{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from codings(value, dictionaries, f"{path}[{place}]")


def _invalid(error: jsonschema_rs.ValidationError, root: str) -> Invalid:
    entry = root + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    name = error.kind.name
    describe = _WORDS.get(name)
    if describe is None:
        return Invalid(entry, "schema", _plain(error.message))
    return describe(entry, error.kind, error)


def _plain(message: str) -> str:
    """The library's sentence without the value: a value may be personal data."""
    return message if len(message) < 120 and '"' not in message else "value does not match the schema"


def _required(entry: str, kind: Any, _error: Any) -> Invalid:
    return Invalid(f"{entry}.{kind.property}", "required", f"required property {kind.property} was not present")


def _extra(entry: str, kind: Any, _error: Any) -> Invalid:
    return Invalid(f"{entry}.{kind.unexpected[0]}", "schema", "schema does not allow additional properties")


def _type(entry: str, _kind: Any, error: Any) -> Invalid:
    wanted = error.message.rsplit("type", 1)[-1].strip().replace('"', "")
    return Invalid(entry, "cast", f"type mismatch. Expected {wanted}", [wanted])


def _enum(entry: str, kind: Any, _error: Any) -> Invalid:
    return Invalid(entry, "inclusion", "value is not allowed in enum", list(kind.options))


def _custom(entry: str, _kind: Any, error: Any) -> Invalid:
    return Invalid(entry, "inclusion", error.message)


def _format(entry: str, kind: Any, _error: Any) -> Invalid:
    rule = "date" if kind.format == "date" else "format"
    return Invalid(entry, rule, f"expected a valid {kind.format}", [kind.format])


def _pattern(entry: str, kind: Any, _error: Any) -> Invalid:
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


def _choice(entry: str, _kind: Any, _error: Any) -> Invalid:
    return Invalid(entry, "schemata", "exactly one of the allowed forms must be present")


_WORDS: dict[str, Callable[[str, Any, Any], Invalid]] = {
    "required": _required,
    "additionalProperties": _extra,
    "type": _type,
    "enum": _enum,
    "custom": _custom,
    "format": _format,
    "pattern": _pattern,
    "oneOf": _choice,
    "anyOf": _choice,
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
