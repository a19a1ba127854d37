"""The information note as HTML: what the published `printout_form` holds, for a clinic's system to print as it is."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

from esoz.kernel.pages import display
from esoz.kernel.pages.quantities import unit_of

from ..content.parts import text
from ..model import Request

CODE_ID = "verification-code"  # a clinic's system finds the code by this id when it prints a note of its own


def printout(request: Request, code: str | None) -> str:
    """The note for the patient; `code` is None when it went to the patient's phone."""
    content = request.content
    rows = [
        ("Номер рецепта", f'<strong class="number">{escape(request.request_number)}</strong>'),
        ("Код підтвердження", _code(code)),
        ("Пацієнт", f"{_words(content, 'person', 'short_name')}, {_words(content, 'person', 'age')} р."),
        ("Лікарський засіб", _words(content, "medication_info", "medication_name")),
        ("Кількість", escape(_quantity(request))),
        ("Спосіб застосування", "<br>".join(escape(line) for line in signatures(content))),
        ("Програма", _words(content, "medical_program", "name")),
        ("Дійсний", _validity(request)),
        ("Лікар", escape(doctor(content))),
        ("Заклад", f"{_words(content, 'legal_entity', 'name')}, {_words(content, 'division', 'name')}"),
    ]
    body = "".join(f'<tr><th scope="row">{name}</th><td>{value}</td></tr>' for name, value in rows if value)
    return (
        '<!doctype html><html lang="uk"><head><meta charset="utf-8"><title>Інформаційна довідка електронного рецепта'
        f"</title></head><body><h1>Інформаційна довідка електронного рецепта</h1><table>{body}</table>"
        "<p>Назвіть фармацевту номер рецепта та код підтвердження. Код називайте лише тоді, коли ліки є в аптеці."
        "</p></body></html>"
    )


def _quantity(request: Request) -> str:
    info = request.content.get("medication_info")
    return display.quantity(request.medication_qty, unit_of(info) if isinstance(info, Mapping) else "")


def _code(code: str | None) -> str:
    if code is None:
        return "надіслано повідомленням: Вам або Вашій довіреній особі"
    return f'<data id="{CODE_ID}" value="{escape(code)}">{escape(code)}</data>'


def _validity(request: Request) -> str:
    first, last = request.dispense_valid_from, request.dispense_valid_to
    return "" if first is None or last is None else f"з {shown(first)} до {shown(last)} включно"


def shown(day: date) -> str:
    """A day as people here write it."""
    return f"{day:%d.%m.%Y}"


def doctor(content: Mapping[str, object]) -> str:
    """Last, first, second name of the doctor."""
    names = (text(content, "employee", "party", name) for name in ("last_name", "first_name", "second_name"))
    return " ".join(name for name in names if name)


def signatures(content: Mapping[str, object]) -> Iterable[str]:
    """How to take it, in the doctor's words."""
    instructions = content.get("dosage_instruction")
    for each in instructions if isinstance(instructions, list) else ():
        yield text(each, "patient_instruction") or text(each, "text")


def _words(content: Mapping[str, object], *path: str) -> str:
    return escape(text(content, *path))
