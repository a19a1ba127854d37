"""A line of a summary of faults says which field it means."""

import pytest

from esoz.kernel.pages.summaries import names_it, with_fields_named
from tests.summaries import summary_of


def page(form: str, *faults: tuple[str, str]) -> str:
    lines = "".join(f'<li><a href="#{field}">{text}</a></li>' for field, text in faults)
    return f'<ul class="govuk-list govuk-error-summary__list">{lines}</ul><form>{form}</form>'


def label(field: str, words: str) -> str:
    return f'<label class="govuk-label" for="{field}">{words}</label><input type="text" id="{field}">'


def group(legend: str, inner: str) -> str:
    return f"<fieldset><legend>{legend}</legend>{inner}</fieldset>"


def told(form: str, *faults: tuple[str, str]) -> list[str]:
    return summary_of(with_fields_named(page(form, *faults)))


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("Вкажіть прізвище.", "Прізвище", True),
        ("Прізвища немає в реєстрі.", "Прізвище пацієнта", True),
        ("Вкажіть ім’я.", "Ім'я", True),
        ("Введіть справжню дату.", "Перший день", False),
        ("Enter the surname.", "Surname", True),
        ("Оберіть.", "", False),
    ],
)
def test_words_name_a_field_by_a_word_of_its_label(text: str, name: str, is_named: bool) -> None:
    assert names_it(text, name) is is_named


def test_words_that_name_their_field_then_nothing_is_added() -> None:
    plain = page(label("a", "Прізвище"), ("a", "Вкажіть прізвище."))
    assert with_fields_named(plain) == plain
    assert with_fields_named("<p>Без помилок</p>") == "<p>Без помилок</p>"


def test_words_that_do_not_then_the_line_begins_with_the_label() -> None:
    form = label("a", "Перший день") + label("b", "Останній\n день")
    faults = ("a", "Введіть справжню дату."), ("b", "Введіть справжню дату.")
    assert told(form, *faults) == ["Перший день – Введіть справжню дату.", "Останній день – Введіть справжню дату."]
    assert told(form, faults[0]) == ["Перший день – Введіть справжню дату."]


def test_in_a_group_then_the_line_begins_with_its_legend() -> None:
    form = "".join(group(f"Діагноз {n}", label(f"code_{n}", "Діагноз")) for n in (1, 2))
    assert told(form, ("code_2", "Оберіть діагноз.")) == ["Діагноз 2 – Оберіть діагноз."]
    assert told(form, ("code_1", "Оберіть."), ("code_2", "Оберіть.")) == [
        "Діагноз 1 – Діагноз – Оберіть.",
        "Діагноз 2 – Діагноз – Оберіть.",
    ]


def test_a_legend_that_is_a_sentence_then_its_full_stop_is_left_out() -> None:
    form = group("Курс довгий.", label("a", "Чому призначаєте так"))
    assert told(form, ("a", "Оберіть, чому призначаєте так.")) == ["Курс довгий – Оберіть, чому призначаєте так."]


def test_of_several_fields_in_a_group_that_read_alike_then_with_their_labels() -> None:
    form = group("Лікар", label("a", "Прізвище особи") + label("b", "Особа, за якою стежать"))
    assert told(form, ("a", "Вкажіть особу."), ("b", "Вкажіть особу.")) == [
        "Лікар – Прізвище особи – Вкажіть особу.",
        "Лікар – Особа, за якою стежать – Вкажіть особу.",
    ]


def test_of_a_choice_then_by_its_question_and_not_by_an_answer() -> None:
    form = "".join(
        group(question, f'<input type="radio" id="{field}"><label for="{field}">Так</label>')
        for field, question in (("a", "Стать"), ("b", "Чи є алергія"))
    )
    assert told(form, ("a", "Оберіть."), ("b", "Оберіть.")) == ["Стать – Оберіть.", "Чи є алергія – Оберіть."]


def test_signs_for_the_eye_then_not_read_and_markup_stays_text() -> None:
    form = group('<span aria-hidden="true">!</span><b>5 &lt; 6</b>', label("a", "Код"))
    assert '<a href="#a">5 &lt; 6 – Код – Оберіть.</a>' in with_fields_named(page(form, ("a", "Оберіть.")))


def test_a_field_without_a_name_then_the_line_stays() -> None:
    assert told(label("a", "Код"), ("a", "Оберіть."), ("x", "Оберіть.")) == ["Код – Оберіть.", "Оберіть."]
