"""The summary above a form: a fault that does not name its field gets the field's label."""

from esoz.kernel.pages.naming import name_fields

FORM = """
<ul class="govuk-list govuk-error-summary__list">{faults}</ul>
<label class="govuk-label" for="surname">Прізвище</label><input id="surname">
<label class="govuk-label" for="text">Ваші <em>скарги</em></label><textarea id="text"></textarea>
<fieldset><legend>Діагноз 1</legend><label for="code_1">Код</label><input id="code_1"></fieldset>
<fieldset><legend>Діагноз 2</legend><label for="code_2">Код</label><input id="code_2"></fieldset>
<fieldset><legend>Стать</legend><input type="radio" id="gender"><label for="gender">чоловіча</label></fieldset>
"""


def named(*faults: tuple[str, str]) -> list[str]:
    links = "".join(f'<li><a href="#{field}">{words}</a></li>' for field, words in faults)
    summary = name_fields(FORM.format(faults=links)).partition("</ul>")[0]
    return [each.partition("</a>")[0].partition('">')[2] for each in summary.split("<li>")[1:]]


def test_fault_that_fits_any_field_then_the_label_before_it() -> None:
    assert named(("surname", "Заповніть поле."), ("text", "Текст задовгий: щонайбільше 5000 знаків.")) == [
        "Прізвище. Заповніть поле.",
        "Ваші скарги. Текст задовгий: щонайбільше 5000 знаків.",
    ]


def test_fault_that_names_its_field_then_as_it_was() -> None:
    assert named(("surname", "Введіть прізвище."), ("text", "Опишіть скарги.")) == [
        "Введіть прізвище.",
        "Опишіть скарги.",
    ]


def test_the_same_fault_of_two_rows_then_each_with_its_group() -> None:
    assert named(("code_1", "Оберіть код зі списку."), ("code_2", "Оберіть код зі списку.")) == [
        "Діагноз 1, Код. Оберіть код зі списку.",
        "Діагноз 2, Код. Оберіть код зі списку.",
    ]


def test_choice_then_the_words_of_its_group() -> None:
    assert named(("gender", "Оберіть значення.")) == ["Стать. Оберіть значення."]


def test_field_that_is_not_there_and_page_without_faults_then_untouched() -> None:
    assert named(("nowhere", "Заповніть поле.")) == ["Заповніть поле."]
    assert name_fields("<p>без форми</p>") == "<p>без форми</p>"
