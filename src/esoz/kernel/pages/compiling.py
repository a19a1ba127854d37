"""Templates are compiled once, so what does not change from page to page is worked out then and not at each page.

Three things, none of which a template has to know of:

- a text of the template, `_("…")`, becomes the words of the environment's language;
- a small macro of `components/` that only sets its parameters into markup (a cell, a tag, a heading) is set into the
  template in the place of its call: calling it costs as much as ten cells;
- `row.name` of a mapping is looked up as a key at once, where Jinja first fails to find an attribute.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any, TypeVar

from jinja2 import Environment, nodes
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

COMPONENTS = "components/"
TEXTS = frozenset({"_", "gettext"})
OF_MAPPINGS = frozenset(dir(dict))

# What a macro may be made of to be set in place of its call: no name but its parameters, nothing that is called.
_PLAIN = (
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.Name,
    nodes.If,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Getattr,
    nodes.Concat,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)

TAKES_CONTEXT = "jinja_pass_arg"  # Jinja's mark of functions that are given the context, or the environment
_FUNCTIONS = frozenset({BuiltinFunctionType, FunctionType, MethodType})

N = TypeVar("N", bound=nodes.Node)


class PageContext(Context):
    """What a template sees. What takes nothing of it but its arguments is called at once."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        kind = type(__obj)
        if kind is not Macro and (kind not in _FUNCTIONS or hasattr(__obj, TAKES_CONTEXT)):
            return super().call(__obj, *args, **kwargs)
        if kwargs:
            kwargs.pop("_block_vars", None)  # handed to what takes the context itself
            kwargs.pop("_loop_vars", None)
        return __obj(__self.eval_ctx, *args, **kwargs) if kind is Macro else __obj(*args, **kwargs)


class PageEnvironment(Environment):
    """An environment whose templates are made ready when they are compiled. `gettext`: words of its language."""

    gettext: Callable[[str], str]
    context_class = PageContext

    def _generate(self, source: nodes.Template, *args: Any, **named: Any) -> str:
        # Jinja's own hook between parsing and making code.
        return super()._generate(self.prepared(source), *args, **named)

    def prepared(self, source: nodes.Template) -> nodes.Template:
        """The template with its texts in words and its small macros in place."""
        told = _Told(self.gettext).visit(source)
        macros = dict(self._imported(told)) | small_macros(told)
        ready: nodes.Template = _InPlace(macros).visit(told) if macros else told
        ready.set_environment(self)
        return ready

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute not in OF_MAPPINGS:
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def _imported(self, template: nodes.Template) -> Iterator[tuple[str, nodes.Macro]]:
        """Small macros that the template imports from the components, by the names that they have there."""
        for each in template.find_all(nodes.FromImport):
            if not (isinstance(each.template, nodes.Const) and str(each.template.value).startswith(COMPONENTS)):
                continue
            found = self._small_macros(str(each.template.value))
            for name in each.names:
                there, here = name if isinstance(name, tuple) else (name, name)
                if there in found:
                    yield here, found[there]

    def _small_macros(self, name: str) -> Mapping[str, nodes.Macro]:
        assert self.loader is not None
        source, filename, _ = self.loader.get_source(self, name)
        return small_macros(_Told(self.gettext).visit(self._parse(source, name, filename)))


def small_macros(template: nodes.Template) -> dict[str, nodes.Macro]:
    """Macros of a template that are nothing but markup with their parameters in it."""
    return {each.name: each for each in template.body if isinstance(each, nodes.Macro) and _is_small(each)}


def _is_small(macro: nodes.Macro) -> bool:
    known = {each.name for each in macro.args}
    inside = [node for part in macro.body for node in (part, *part.find_all(nodes.Node))]
    defaults = all(isinstance(each, nodes.Const) for each in macro.defaults)
    return defaults and all(
        isinstance(node, _PLAIN) and (not isinstance(node, nodes.Name) or node.name in known) for node in inside
    )


class _Told(NodeTransformer):
    """Texts of the template become the words of a language."""

    def __init__(self, gettext: Callable[[str], str]) -> None:
        self._gettext = gettext

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        text = _text_of(node)
        # As Jinja's own gettext does it: the words are markup and always a format.
        return node if text is None else nodes.Const(Markup(self._gettext(text)) % {}, lineno=node.lineno)


def _text_of(call: nodes.Call) -> str | None:
    """The text of `_("…")`; None of any other call."""
    is_text = isinstance(call.node, nodes.Name) and call.node.name in TEXTS
    if not is_text or len(call.args) != 1 or call.kwargs or call.dyn_args or call.dyn_kwargs:
        return None
    [text] = call.args
    return text.value if isinstance(text, nodes.Const) and isinstance(text.value, str) else None


class _InPlace(NodeTransformer):
    """Calls of small macros become their markup, where they are shown and not handed on."""

    def __init__(self, macros: Mapping[str, nodes.Macro]) -> None:
        self._macros, self._numbers = macros, count(1)

    def visit_Output(self, node: nodes.Output) -> nodes.Node | list[nodes.Node]:
        self.generic_visit(node)
        parts: list[nodes.Node] = []
        for child in node.nodes:
            found = self._set_in(child)
            if found is not None:
                parts += found
            elif parts and isinstance(parts[-1], nodes.Output):
                parts[-1].nodes.append(child)
            else:
                parts.append(nodes.Output([child], lineno=node.lineno))
        return parts

    def _set_in(self, node: nodes.Node) -> list[nodes.Node] | None:
        call = _call_of(node, self._macros)
        if call is None:
            return None
        given, bound = self._bound(call)
        body = [each for part in call.macro.body for each in _filled(part, given)]
        if bound:
            names = [nodes.Name(name, "param") for name in bound]
            body = [nodes.With(names, list(bound.values()), body, lineno=node.lineno)]
        return [each for part in body for each in self._visited(part)]

    def _bound(self, call: "_MacroCall") -> tuple[Mapping[str, nodes.Expr], Mapping[str, nodes.Expr]]:
        """What stands for the parameters, and names for what would be worked out more than once."""
        given, bound = dict(call.given), dict[str, nodes.Expr]()
        used = [each.name for part in call.macro.body for each in part.find_all(nodes.Name)]
        for name, value in call.given.items():
            if used.count(name) > 1 and not isinstance(value, nodes.Const | nodes.Name):
                own = f"in_place_{next(self._numbers)}"
                given[name], bound[own] = nodes.Name(own, "load"), value
        return given, bound

    def _visited(self, node: nodes.Node) -> list[nodes.Node]:
        found = self.visit(node)
        return found if isinstance(found, list) else [found]


@dataclass(frozen=True, slots=True)
class _MacroCall:
    """A call of a small macro, and what stands for each of its parameters."""

    macro: nodes.Macro
    given: Mapping[str, nodes.Expr]


def _call_of(node: nodes.Node, macros: Mapping[str, nodes.Macro]) -> _MacroCall | None:
    """The call of a small macro with all its parameters told; None of anything else."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name) or node.node.name not in macros:
        return None
    macro = macros[node.node.name]
    names = [each.name for each in macro.args]
    given: dict[str, nodes.Expr] = dict(zip(reversed(names), reversed(macro.defaults), strict=False))
    given |= dict(zip(names, node.args, strict=False)) | {each.key: each.value for each in node.kwargs}
    is_plain = not node.dyn_args and not node.dyn_kwargs and len(node.args) <= len(names)
    return _MacroCall(macro, given) if is_plain and given.keys() == set(names) else None


def _filled(node: nodes.Node, given: Mapping[str, nodes.Expr]) -> Iterator[nodes.Node]:
    """A copy of a part of a macro with values for its parameters; of an `if` that is settled, its branch."""
    if not isinstance(node, nodes.If):
        yield _copied(node, given)
        return
    test = _copied(node.test, given)
    if isinstance(test, nodes.Const) and not node.elif_:
        for each in node.body if test.value else node.else_:
            yield from _filled(each, given)
        return
    parts = [[each for part in branch for each in _filled(part, given)] for branch in (node.body, node.else_)]
    elifs = [_copied(each, given) for each in node.elif_]
    yield nodes.If(test, parts[0], elifs, parts[1], lineno=node.lineno)


def _copied(node: N, given: Mapping[str, nodes.Expr]) -> N:
    if isinstance(node, nodes.Name) and node.name in given:
        return _copied(given[node.name], {})  # type: ignore[return-value]  # both are expressions
    return type(node)(*(_copied_value(getattr(node, name), given) for name in node.fields), lineno=node.lineno)


def _copied_value(value: Any, given: Mapping[str, nodes.Expr]) -> Any:
    if isinstance(value, nodes.Node):
        return _copied(value, given)
    return [_copied_value(each, given) for each in value] if isinstance(value, list) else value
