"""Templates that are made ready at compiling show what they showed before."""

import gettext
import re
from collections.abc import Callable, Mapping
from itertools import product

import pytest
from jinja2 import nodes, pass_context, pass_environment, pass_eval_context
from jinja2.exceptions import UndefinedError
from markupsafe import Markup

from esoz.kernel.pages.assets import Assets
from esoz.kernel.pages.compiling import COMPONENTS, TAKES_CONTEXT, PageEnvironment, small_macros
from esoz.kernel.pages.templates import environments
from esoz.kernel.pages.translations import Words, load

FILES = [f"{COMPONENTS}{name}.html" for name in ("again", "data", "form", "page", "progress", "sign")]
VALUES = ('"<b>&"', '("<i>" | safe)', '""', "none", "0", "(word ~ '!')")


@pytest.fixture(scope="module")
def languages() -> Mapping[str, PageEnvironment]:
    found = environments(("esoz.mis",), Assets())
    return {language: each for language, each in found.items() if isinstance(each, PageEnvironment)}


@pytest.fixture
def uk(languages: Mapping[str, PageEnvironment]) -> PageEnvironment:
    return languages["uk"]


def macros_of(environment: PageEnvironment, file: str) -> dict[str, nodes.Macro]:
    assert environment.loader is not None
    return small_macros(environment.prepared(environment.parse(environment.loader.get_source(environment, file)[0])))


def test_small_macros_are_those_of_lists(uk: PageEnvironment) -> None:
    found = {name for file in FILES for name in macros_of(uk, file)}

    assert found >= {"action", "button", "cell", "empty", "first", "heading", "tag"}


@pytest.mark.parametrize("file", FILES)
def test_small_macro_in_place_then_as_when_it_is_called(uk: PageEnvironment, file: str) -> None:
    """An alias is not known at compiling, so it is called."""
    for name, macro in macros_of(uk, file).items():
        least = len(macro.args) - len(macro.defaults)
        for number in range(least, len(macro.args) + 1):
            for turn in range(len(VALUES)):
                given = ", ".join((VALUES[turn:] + VALUES * number)[:number])
                text = f'{{% from "{file}" import {name} %}}{{% set called = {name} %}}{{% set word = "слово" %}}'
                in_place = outcome(uk, f"{text}{{{{ {name}({given}) }}}}")
                assert in_place == outcome(uk, f"{text}{{{{ called({given}) }}}}"), (name, given)


def outcome(environment: PageEnvironment, template: str) -> str:
    """What is shown, or of what does not fit (a text where a page is asked for) the fault."""
    try:
        return environment.from_string(template).render()
    except UndefinedError as fault:
        return str(fault)


def test_small_macro_inside_another_and_by_keyword(uk: PageEnvironment) -> None:
    text = (
        f'{{% from "{COMPONENTS}data.html" import cell, tag as mark %}}{{{{ cell(mark(word, "red"), number=true) }}}}'
    )

    assert uk.from_string(text).render(word="<1>") == (
        '<td class="govuk-table__cell app-number"><strong class="govuk-tag govuk-tag--red">&lt;1&gt;</strong></td>'
    )


def test_value_used_twice_in_place_is_worked_out_once(uk: PageEnvironment) -> None:
    asked: list[int] = []

    def word() -> str:
        asked.append(1)
        return "Мельник"

    text = f'{{% from "{COMPONENTS}data.html" import action %}}{{{{ action("/1", "Відкрити", word()) }}}}'
    assert "Мельник" in uk.from_string(text).render(word=word)
    assert len(asked) == 1


def test_name_of_a_parameter_outside_means_what_it_means_there(uk: PageEnvironment) -> None:
    text = f'{{% from "{COMPONENTS}data.html" import action %}}{{{{ action(text ~ "/", href, about=text ~ href) }}}}'

    shown = uk.from_string(text).render(text="/a", href="слово")
    assert 'href="/a/">слово<' in shown and "/aслово" in shown


@pytest.mark.parametrize(("language", "word"), [("uk", "Знайти"), ("en", "Find")])
def test_text_is_in_the_words_of_its_language(
    languages: Mapping[str, PageEnvironment], language: str, word: str
) -> None:
    shown = languages[language].from_string('{{ _("Знайти") }} {{ _("%(n)s <", n=n) }} {{ _("100 %%") }}')

    assert shown.render(n="<").startswith(f"{word} &lt; <")
    assert shown.render(n="<").endswith("100 %")


def test_sites_with_other_words_do_not_share_what_was_compiled() -> None:
    pages = [environments((package,), Assets())["uk"] for package in ("esoz.mis", "esoz.cabinet")]

    assert pages[0].bytecode_cache is not pages[1].bytecode_cache


def test_key_of_a_mapping_is_found_and_its_methods_stay(uk: PageEnvironment) -> None:
    row = {"name": "a", "items": "b"}

    assert uk.from_string("{{ row.name }} {{ row['items'] }} {{ row.items() | length }}").render(row=row) == "a b 2"
    with pytest.raises(UndefinedError, match="missing"):
        uk.from_string("{{ row.missing }}").render(row=row)


@pytest.mark.parametrize("passing", [pass_context, pass_eval_context, pass_environment])
def test_function_that_takes_the_context_is_given_it(
    uk: PageEnvironment, passing: Callable[[Callable[..., str]], Callable[..., str]]
) -> None:
    @passing
    def taking(given: object, word: str) -> str:
        return f"{type(given).__name__} {word}"

    assert hasattr(taking, TAKES_CONTEXT)
    assert uk.from_string("{% for each in 'a' %}{{ taking(each) }}{% endfor %}").render(taking=taking).endswith(" a")


@pytest.mark.parametrize("language", ["uk", "en"])
def test_words_of_all_catalogues_in_one_table_are_theirs(language: str) -> None:
    found = load(language, ["esoz.mis", "esoz.kernel"])
    assert isinstance(found, Words)
    catalogues = found._fallback
    assert isinstance(catalogues, gettext.NullTranslations)

    assert all(found.gettext(text) == catalogues.gettext(text) for text in found._words)
    assert found.gettext("чого немає в жодному каталозі") == "чого немає в жодному каталозі"
    assert found.gettext("") == ""
    assert found.ngettext("%(num)d рік", "%(num)d років", 2) == catalogues.ngettext("%(num)d рік", "%(num)d років", 2)


INPUT = """{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}{{ govukInput({
  "id": name, "name": name, "type": type, "value": values.get(name, ""),
  "label": {"text": label}, "hint": {"text": hint} if hint else none,
  "errorMessage": {"text": errors[name], "visuallyHiddenText": _("Помилка")} if name in errors else none,
  "classes": "govuk-input--width-" ~ width if width else "",
  "autocomplete": autocomplete or none, "inputmode": inputmode or none,
  "attributes": {"autofocus": ""} if autofocus else {},
  "prefix": {"text": prefix} if prefix else none, "suffix": {"text": suffix} if suffix else none}) }}"""
OURS = """{% from "components/form.html" import text %}{{ text(name, label, values, errors, hint, type, width,
  autocomplete, inputmode, prefix, suffix, autofocus) }}"""


def test_field_is_that_of_the_design_system(uk: PageEnvironment) -> None:
    theirs, ours = uk.from_string(INPUT), uk.from_string(OURS)
    choices = {
        "values": ({}, {"q": '"<1>'}, {"q": 0}, {"q": None}),
        "errors": ({}, {"q": "Введіть <число>."}),
        "hint": ("", "Наприклад, <1>"),
        "width": ("", "20"),
        "autocomplete": ("", "off"),
        "inputmode": ("", "tel"),
        "prefix": ("", "+380"),
        "suffix": ("", Markup("<b>мг</b>")),
        "autofocus": (False, True),
    }
    for chosen in product(*choices.values()):
        given = {"name": "q", "label": "<Поле>", "type": "tel", **dict(zip(choices, chosen, strict=True))}
        assert _tags(ours.render(given)) == _tags(theirs.render(given)), given


def _tags(markup: str) -> list[object]:
    """Elements with their attributes in any order, and the text between them, without spaces at its ends."""
    found: list[object] = []
    for tag, text in re.findall(r"<([^>]*)>([^<]*)", markup):
        attributes = {name: value for name, value in re.findall(r'([\w-]+)(?:="([^"]*)")?', tag.partition(" ")[2])}
        found += [(tag.partition(" ")[0], attributes), text.strip()]
    return [each for each in found if each]
