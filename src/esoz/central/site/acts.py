"""Refused acts in words that an operator can read out: what was asked for, and what kind of refusal it was."""

from collections.abc import Mapping
from functools import cache

from esoz import spec
from esoz.kernel.pages import mark

# The first thing of a path that has words; of a job, its kind.
THINGS: Mapping[str, str] = {
    "declaration_requests": mark("Запит на декларацію"),
    "declarations": mark("Декларація"),
    "declaration": mark("Декларація"),
    "authentication_method_requests": mark("Запит про спосіб підтвердження"),
    "authentication_methods": mark("Способи підтвердження"),
    "confidant_person_relationship_requests": mark("Запит про законного представника"),
    "confidant_person_relationships": mark("Законні представники"),
    "verification": mark("Верифікація"),
    "personal_data": mark("Персональні дані"),
    "person_requests": mark("Заявка на реєстрацію або зміну даних"),
    "medication_request_requests": mark("Чернетка рецепта"),
    "medication_dispenses": mark("Відпуск ліків"),
    "medication_requests": mark("Рецепт"),
    "merge_requests": mark("Приєднання записів"),
    "prepersons": mark("Неідентифікований пацієнт"),
    "approvals": mark("Дозвіл на доступ"),
    "encounter_package": mark("Записи про прийом"),
    "diagnostic_report_package": mark("Результати обстеження"),
    "episodes": mark("Епізод лікування"),
    "access_log": mark("Журнал доступу"),
    "apps": mark("Дозволи системам"),
    "patients": mark("Медична картка"),
    "persons": mark("Картка особи"),
    "person": mark("Картка особи"),
}
ACTS: Mapping[str, str] = {
    "sign": mark("підписати"),
    "approve": mark("підтвердити"),
    "reject": mark("відхилити"),
    "resend_otp": mark("надіслати код ще раз"),
    "resend": mark("надіслати ще раз"),
    "terminate": mark("припинити"),
    "complete": mark("завершити"),
    "process": mark("завершити"),
    "qualify": mark("перевірити за програмою"),
    "block": mark("призупинити"),
    "unblock": mark("відновити"),
    "cancel": mark("скасувати"),
    "GET": mark("переглянути"),
    "POST": mark("створити"),
    "PUT": mark("змінити"),
    "PATCH": mark("змінити"),
    "DELETE": mark("видалити"),
}
REFUSALS: Mapping[str, str] = {
    "validation_failed": mark("Дані не пройшли перевірку. Їх треба виправити й надіслати знову."),
    "request_conflict": mark("Стан запису вже не дозволяє цього: його змінили, завершили або такий запис уже є."),
    "not_found": mark("Запису немає, або він належить іншому закладу."),
    "forbidden": mark("Тому, хто просив, цього не дозволено."),
    "access_denied": mark("ЕСОЗ не впізнала того, хто просив: вхід завершено або ключ недійсний."),
    "too_many_requests": mark("Забагато спроб поспіль. Треба зачекати й повторити."),
    "request_malformed": mark("Програма надіслала запит, який не вдалося прочитати. Це помилка системи закладу."),
}
OTHER_REFUSAL = mark("ЕСОЗ відмовила.")


@cache
def described(operation: str) -> tuple[str, str]:
    """An operation of the audit log in two words to be translated: the thing and the act; its own id when unknown."""
    method, path = _published().get(operation, ("", operation))
    parts = [part for part in path.split("/") if part and not part.startswith("{")]
    kind = operation.partition(".")[0]  # of a job
    thing = next((THINGS[each] for each in THINGS if each in parts or each == kind), operation)
    act = next((ACTS[part] for part in reversed(parts) if part in ACTS), ACTS.get(method, ""))
    return thing, act


@cache
def _published() -> Mapping[str, tuple[str, str]]:
    """Operations by either of their ids."""
    return {id: (each.method, each.path) for each in spec.operations() for id in (each.id, each.esoz_api_id) if id}
