"""An operation as a person reads it: everything that is published of it, with references resolved."""

from collections.abc import Iterator
from typing import Any

from . import shapes
from .operations import Operation, publications

Schema = shapes.Schema
_PREFIX = "#/$defs/"


def shown(operation: Operation) -> str:
    """Return the whole operation as text; `*` marks what is required."""
    return "\n".join(_lines(operation)) + "\n"


def _lines(operation: Operation) -> Iterator[str]:
    yield f"{operation.method} {operation.path}"
    yield operation.name
    yield ""
    for name, value in _facts(operation):
        yield f"{name:12} {value}"
    yield from _parameters("Path", shapes.path_parameters(operation.id))
    yield from _parameters("Query", shapes.query_parameters(operation.id))
    yield from _body("Request", shapes.request_schema(operation.id))
    yield from _signed(operation)
    for status in sorted({*operation.success, *shapes.response_statuses(operation.id)}):
        title = f"{'Answer' if status < 400 else 'Error'} {status}"
        yield from _body(title, shapes.response_schema(operation.id, status), empty="without a published shape")


def _facts(operation: Operation) -> Iterator[tuple[str, str]]:
    """What operations.csv says, each under its name; the first is the id that code takes."""
    other = f" (elsewhere {operation.id})" if operation.esoz_api_id else ""
    yield "id", (operation.esoz_api_id or operation.id) + other
    publication = publications()[operation.publication]
    words = (publication.title, publication.version, f"{publication.environment}, {publication.date}")
    yield "published in", " ".join(filter(None, words))
    yield "state", f"{operation.state}; {operation.visibility}{', deprecated' * operation.deprecated}"
    inferred = " (not published: inferred)" if operation.scope_inferred and operation.scopes else ""
    yield "caller", "anybody" if operation.auth == "no" else "a bearer token"
    yield "scope", (" or ".join(operation.scopes) or "none") + inferred
    if operation.async_mode:
        yield "answered", {"async": "by a job", "sync_or_async": "at once or by a job"}[operation.async_mode]


def _parameters(title: str, parameters: tuple[shapes.Parameter, ...]) -> Iterator[str]:
    if parameters:
        yield from ("", title)
    for each in parameters:
        facts = [each.format or each.type]
        facts += [f"one of {', '.join(each.enum)}"] if each.enum else []
        facts += [f"dictionary {each.dictionary}"] if each.dictionary else []
        yield f"  {each.name}{'*' * each.required}: {', '.join(facts)}"


def _signed(operation: Operation) -> Iterator[str]:
    found = shapes.signed(operation.id)
    if found is None:
        return
    yield from ("", f"Signed content, in {', '.join(found.fields)} of the request")
    if found.given_operation:
        yield f"  exactly what {found.given_operation} answers at {found.given_path}"
    for part in found.parts:
        yield from _body(f"Signed {part}", shapes.signed_schema(operation.id, part))


def _body(title: str, schema: Schema | None, empty: str = "") -> Iterator[str]:
    if schema is None:
        if empty:
            yield from ("", f"{title}: {empty}")
        return
    yield from ("", title)
    yield from _inside(schema, schema.get("$defs", {}), 1, ())


def _inside(schema: Schema, definitions: Schema, depth: int, path: tuple[str, ...]) -> Iterator[str]:
    """Lines of what stands inside an object, a list, or one of several alternatives."""
    schema, path = _resolved(schema, definitions, path)
    required = schema.get("required", ())
    for name, each in schema.get("properties", {}).items():
        target, inner = _resolved(each, definitions, path)
        yield f"{'  ' * depth}{name}{'*' * (name in required)}: {_kind(target, definitions)}"
        yield from _inside(target, definitions, depth + 1, inner)
    for name, others in schema.get("dependentSchemas", {}).items():
        yield f"{'  ' * depth}({name} not together with {', '.join(others['properties'])})"
    if "items" in schema:
        yield from _inside(schema["items"], definitions, depth, path)
    for words, key in (("either", "anyOf"), ("and", "allOf")):
        for each in schema.get(key, ()):
            yield from _alternative(words, each, definitions, depth, path)


def _alternative(words: str, schema: Schema, definitions: Schema, depth: int, path: tuple[str, ...]) -> Iterator[str]:
    if set(schema) == {"required"}:
        yield f"{'  ' * depth}({words} with {', '.join(schema['required'])})"
        return
    if set(schema) != {"anyOf"}:
        yield f"{'  ' * depth}({words}: {_kind(_resolved(schema, definitions, path)[0], definitions)})"
        depth += 1
    yield from _inside(schema, definitions, depth, path)


def _resolved(schema: Schema, definitions: Schema, path: tuple[str, ...]) -> tuple[Schema, tuple[str, ...]]:
    """The schema itself behind its reference; a definition inside itself is not opened again."""
    while "$ref" in schema:
        name = schema["$ref"].removeprefix(_PREFIX)
        if name in path:
            return {"type": f"as above: {name.partition('.')[2]}"}, path
        schema, path = definitions[name], (*path, name)
    return schema, path


def _kind(schema: Schema, definitions: Schema) -> str:
    facts = [_type(schema, definitions)]
    for target, words in ((schema, ""), (_item(schema, definitions), "each ")):
        facts += [f"{words}{fact}" for fact in _limits(target)]
    return ", ".join(facts)


def _item(schema: Schema, definitions: Schema) -> Schema:
    return _resolved(schema.get("items", {}), definitions, ())[0]


def _type(schema: Schema, definitions: Schema) -> str:
    types = schema.get("type", "anything" if "const" not in schema else "constant")
    names: list[Any] = types if isinstance(types, list) else [types]
    if "array" in names and "items" in schema:
        inner = _type(_item(schema, definitions), definitions)
        names = [f"list of {inner}" if each == "array" else each for each in names]
    known = schema.get("format")
    return " or ".join(known if known and each == "string" else str(each) for each in names)


def _limits(schema: Schema) -> Iterator[str]:
    if "const" in schema:
        yield f"always {schema['const']}"
    if "enum" in schema:
        yield f"one of {', '.join(str(each) for each in schema['enum'])}"
    if "pattern" in schema:
        yield f"like {schema['pattern']}"
    if name := schema.get("x-dictionary"):
        yield f"dictionary {name}"
    if systems := schema.get("x-coding"):
        yield f"coding of {', '.join(systems)}"
    if resources := schema.get("x-resource"):
        yield f"kind of record: {', '.join(resources)}"
