"""The file of the list: its dates, its exceptions, what of it cannot be read."""

from datetime import date

import pytest

from esoz.central.war_territories import read_territories
from esoz.spec.files import content

HEAD = "kind,region,district,katottg,name,begins,ends\n"
ROW = "active_hostilities,СУМСЬКА,Охтирський,UA59040030000060142,{name},{begins},{ends}\n"


def file(name: str = "Громада", begins: str = "20.03.2024", ends: str = "") -> bytes:
    return (HEAD + ROW.format(name=f'"{name}"', begins=begins, ends=ends)).encode()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("20.03.2024", date(2024, 3, 20)),
        ("12.11 2022", date(2022, 11, 12)),
        ("31.03. 2022", date(2022, 3, 31)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_date_when_as_the_order_spells_it_then_read(typed: str, read: date) -> None:
    [row], left_out = read_territories(file(begins=typed))
    assert (row.begins, row.ends, left_out) == (read, None, [])


# WT-3
@pytest.mark.parametrize(
    ("name", "names", "codes"),
    [
        ("Громада за винятком с. Сотницький Козачок", ("Сотницький Козачок",), ()),
        ("Громада  за винятком: с-ще Одрадне, c. Красний Яр, м. Гірник", ("Одрадне", "Красний Яр", "Гірник"), ()),
        ("Громада за винятком с-ще Козацьке та с-ще Веселе", ("Козацьке", "Веселе"), ()),
        ("Громада за винятком с. Новокаїри с. Республіканець", ("Новокаїри", "Республіканець"), ()),
        ("Громада за винятком с-ща Діброва", ("Діброва",), ()),
        ("Громада за винятком с-ще. Курахівка", ("Курахівка",), ()),
        ("Громада за винятком с. Сакко І Ванцетті", ("Сакко І Ванцетті",), ()),
        ("Громада за винятком с-ще Грейгове (с-ще Миролюбове)", ("Грейгове", "Миролюбове"), ()),
        (
            "Громада за винятком с. Нове (UA14160190130054690), с. Нове (UA14160190140092509), с. Орлівка",
            ("Орлівка",),
            ("UA14160190130054690", "UA14160190140092509"),
        ),
        ("Громада", (), ()),
    ],
)
def test_exceptions_when_named_then_read(name: str, names: tuple[str, ...], codes: tuple[str, ...]) -> None:
    [row], _ = read_territories(file(name))
    assert (row.except_names, row.except_codes) == (names, codes)


def test_part_of_a_settlement_when_taken_out_then_told() -> None:
    [row], told = read_territories(file("Громада за винятком с. Жолобок, частина м. Золотого (Золоте – 5)"))
    assert row.except_names == ("Жолобок",) and "line 2: a part of a settlement" in told[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (ROW.format(name="Г", begins="31.02.2024", ends=""), "a date cannot be read"),
        (ROW.format(name="Г", begins="колись", ends=""), "a date cannot be read"),
        (ROW.format(name="Г", begins="20.03.2024", ends="ні"), "a date cannot be read"),
        (ROW.format(name="Г", begins="20.03.2024", ends="19.03.2024"), "it ends before it begins"),
        (ROW.format(name=" ", begins="20.03.2024", ends=""), "it has no name"),
        (ROW.format(name="Г", begins="20.03.2024", ends="").replace("UA59", "UA590"), "no code of КАТОТТГ"),
        (ROW.format(name="Г", begins="20.03.2024", ends="").replace("active", "passive"), "no kind of territory"),
    ],
)
def test_row_when_it_cannot_be_read_then_left_out_and_told(line: str, words: str) -> None:
    rows, told = read_territories(file() + line.encode())
    assert len(rows) == 1 and told[0].startswith("line 3: ") and words in told[0]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "columns are"),
        (b"kind,katottg\n", "columns are"),
        (HEAD.encode(), "no territory"),
        ("kind".encode("utf-16"), "UTF-8"),
        (file() + ROW.format(name="Г", begins="20.03.2024", ends="").encode(), "told twice"),
    ],
)
def test_file_when_no_list_then_refused(raw: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_territories(raw)


def test_list_of_the_demo_then_read_whole() -> None:
    rows, told = read_territories(b"\xef\xbb\xbf" + content("war_territories.csv"))
    assert (len(rows), told) == (24, [])
