"""Pages that say no: what happened, what to do next, and the request id for the contact centre."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Problem
from .security import StaleForm
from .translations import mark as _


@dataclass(frozen=True, slots=True)
class RefusalText:
    """A refusal in words for people."""

    title: str
    advice: str


TEXTS = {
    400: RefusalText(_("Запит не зрозуміло"), _("Поверніться на попередню сторінку й повторіть дію.")),
    403: RefusalText(_("Немає доступу"), _("Якщо доступ потрібен для роботи, зверніться до адміністратора закладу.")),
    404: RefusalText(_("Сторінку не знайдено"), _("Перевірте адресу або почніть із головної сторінки.")),
    405: RefusalText(_("Так ця сторінка не відкривається"), _("Поверніться на попередню сторінку й повторіть дію.")),
    409: RefusalText(
        _("Запис уже змінено"),
        _("Відкрийте запис ще раз: його стан змінився, поки Ви працювали з ним."),
    ),
    413: RefusalText(_("Файл завеликий"), _("Оберіть менший файл.")),
    422: RefusalText(_("Дію не виконано"), _("Поверніться на попередню сторінку, виправте дані й надішліть ще раз.")),
    429: RefusalText(_("Забагато запитів"), _("Зачекайте хвилину й повторіть дію.")),
    500: RefusalText(
        _("Сталася помилка"),
        _("Зачекайте хвилину й повторіть дію. Якщо помилка повториться, зателефонуйте до контакт-центру."),
    ),
    503: RefusalText(_("Сервіс тимчасово недоступний"), _("Дані не втрачено. Зачекайте хвилину й повторіть дію.")),
}
STALE = RefusalText(
    _("Форма застаріла"),
    _("Поверніться на попередню сторінку, оновіть її та надішліть форму ще раз."),
)


def asks_for_json(headers: Mapping[str, str]) -> bool:
    """Whether a program asks: it names JSON and no page, or says nothing of what it takes and sends JSON."""
    wanted = headers.get("accept", "").lower()
    if "html" in wanted:
        return False
    sends = headers.get("content-type", "").lower().startswith("application/json")
    return "json" in wanted or (wanted in ("", "*/*") and sends)


def explain(problem: Problem) -> dict[str, object]:
    """What the template refusal.html needs. Details only of problems that are meant for people."""
    text = STALE if isinstance(problem, StaleForm) else TEXTS.get(problem.status, TEXTS[500])
    is_for_people = problem.status < 500 and problem.message != problem.default
    return {
        "text": text,
        "status": problem.status,
        "message": problem.message if is_for_people else "",
        "details": [fault.description for fault in problem.invalid],
    }
