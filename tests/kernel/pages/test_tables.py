"""Cells of tables carry the names of their columns."""

from markupsafe import Markup

from esoz.kernel.pages.tables import labelled


def test_rows_then_every_cell_has_the_label_of_its_column():
    rows = Markup('<tr class="r"><th scope="row">A</th><td>1</td></tr>\n<tr><th>B</th><td>2</td></tr>')

    assert labelled(rows, ["Назва", {"text": "Кількість", "number": True}]) == (
        '<tr class="r"><th data-label="Назва" scope="row">A</th><td data-label="Кількість">1</td></tr>\n'
        '<tr><th data-label="Назва">B</th><td data-label="Кількість">2</td></tr>'
    )


def test_hidden_column_and_a_cell_too_many_then_no_label():
    rows = Markup("<tr><td>1</td><td>2</td></tr>")

    assert labelled(rows, [{"text": "Дія", "hidden": True}]) == rows


def test_name_with_signs_of_markup_then_it_is_escaped():
    assert labelled(Markup("<tr><td>1</td></tr>"), ['Тиск <"мм">']) == (
        '<tr><td data-label="Тиск &lt;&#34;мм&#34;&gt;">1</td></tr>'
    )


def test_words_that_begin_like_cells_then_left_alone():
    assert labelled(Markup("<tr><td><track></td></tr>"), ["Назва"]) == '<tr><td data-label="Назва"><track></td></tr>'
