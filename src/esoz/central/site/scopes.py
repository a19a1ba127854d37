"""Scopes in words that people understand: what a client will be able to do on their behalf."""

from collections.abc import Iterable

from esoz.kernel.pages import mark

THINGS = {
    "person": mark("Пацієнти: пошук і перегляд"),
    "personal_data": mark("Персональні дані пацієнтів"),
    "person_request": mark("Заявки на реєстрацію пацієнтів"),
    "declaration": mark("Декларації"),
    "declaration_request": mark("Заявки на декларації"),
    "episode": mark("Епізоди медичної допомоги"),
    "encounter": mark("Взаємодії з пацієнтами"),
    "condition": mark("Діагнози та стани"),
    "observation": mark("Спостереження"),
    "patient_summary": mark("Зведена історія пацієнта"),
    "diagnostic_report": mark("Діагностичні звіти"),
    "procedure": mark("Процедури"),
    "immunization": mark("Щеплення"),
    "allergy_intolerance": mark("Алергії"),
    "service_request": mark("Направлення"),
    "care_plan": mark("Плани лікування"),
    "composition": mark("Медичні висновки"),
    "medication_request_request": mark("Електронні рецепти: виписування"),
    "medication_request": mark("Електронні рецепти: перегляд і відкликання"),
    "medication_dispense": mark("Відпуск ліків за рецептом"),
    "drugs": mark("Реєстр ліків"),
    "medical_program": mark("Медичні програми"),
    "legal_entity": mark("Дані закладу"),
    "division": mark("Підрозділи закладу"),
    "employee": mark("Працівники"),
    "employee_request": mark("Заявки на працівників"),
    "approval": mark("Дозволи на доступ"),
    "job": mark("Стан надісланих записів"),
}
OF_PATIENTS = {
    "person": mark("Дані в реєстрі пацієнтів"),
    "declaration": mark("Декларації з лікарями: перегляд і припинення"),
    "declaration_request": mark("Заявки на декларацію: подання, підписання, відмова"),
    "medication_dispense": mark("Ліки, відпущені за рецептами"),
    "medication_request": mark("Електронні рецепти"),
}
OTHER = mark("Інші дії, передбачені Вашою роллю")


def describe(scopes: Iterable[str], *, of_patient: bool = False) -> list[str]:
    """The things that the scopes are about, each once; what has no words of its own is told as one line."""
    descriptions = OF_PATIENTS if of_patient else THINGS
    things = {scope.partition(":")[0] for scope in scopes}
    known = [description for thing, description in descriptions.items() if thing in things]
    return known + ([OTHER] if things - descriptions.keys() else [])
