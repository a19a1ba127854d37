"""Pages that say no: what happened, what to do next, and the request id for the contact centre."""

from dataclasses import dataclass

from ..errors import Problem
from .security import StaleForm
from .translations import mark as _


@dataclass(frozen=True, slots=True)
class Words:
    """A refusal in words for people."""

    title: str
    advice: str


WORDS = {
    400: Words(_("Запит не зрозуміло"), _("Поверніться на попередню сторінку й повторіть дію.")),
    403: Words(_("Немає доступу"), _("Якщо доступ потрібен для роботи, зверніться до адміністратора закладу.")),
    404: Words(_("Сторінку не знайдено"), _("Перевірте адресу або почніть із головної сторінки.")),
    405: Words(_("Так ця сторінка не відкривається"), _("Поверніться на попередню сторінку й повторіть дію.")),
    409: Words(
        _("Запис уже змінено"),
        _("Відкрийте запис ще раз: його стан змінився, поки Ви працювали з ним."),
    ),
    413: Words(_("Файл завеликий"), _("Оберіть менший файл.")),
    422: Words(_("Дію не виконано"), _("Поверніться на попередню сторінку, виправте дані й надішліть ще раз.")),
    429: Words(_("Забагато запитів"), _("Зачекайте хвилину й повторіть дію.")),
    500: Words(
        _("Сталася помилка"),
        _("Зачекайте хвилину й повторіть дію. Якщо помилка повториться, зателефонуйте до контакт-центру."),
    ),
    503: Words(_("Сервіс тимчасово недоступний"), _("Дані не втрачено. Зачекайте хвилину й повторіть дію.")),
}
STALE = Words(
    _("Форма застаріла"),
    _("Поверніться на попередню сторінку, оновіть її та надішліть форму ще раз."),
)


def explain(problem: Problem) -> dict[str, object]:
    """What the template refusal.html needs. Details only of problems that are meant for people."""
    words = STALE if isinstance(problem, StaleForm) else WORDS.get(problem.status, WORDS[500])
    is_for_people = problem.status < 500 and problem.message != problem.default
    return {
        "words": words,
        "status": problem.status,
        "message": problem.message if is_for_people else "",
        "details": [fault.description for fault in problem.invalid],
    }
