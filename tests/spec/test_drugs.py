"""Rows of the state drug register: read with certainty or left out with a reason."""

from decimal import Decimal

import pytest

from esoz.spec import dictionary, drugs
from esoz.spec.drugs import Reason, Row, Unclear

POWDER = "Порошок для розчину для ін'єкції"
COATED = "Таблетка, вкрита плівковою оболонкою"
SUSPENSION = "Порошок для пероральної суспензії"


def row(inn: str, form: str, quantity: str, description: str, **cells: str) -> Row:
    blank = dict.fromkeys(Row.__struct_fields__, "")
    blank |= {"package_pcid": "1", "inn_en": "azithromycin", "name_ua": "ПРОБА", "package_status": "Діючий"}
    blank |= {"inn_ua": inn, "release_form": form, "package_qty": quantity, "package_description": description}
    return Row(**(blank | cells))


class TestParse:
    @pytest.mark.parametrize(
        ("given", "shown", "smallest", "packages"),
        [
            (
                row(
                    "левофлоксацин",
                    COATED,
                    "5 Штук(и/а)",
                    "таблетки, вкриті плівковою оболонкою, по 500 мг, по 5 таблеток у блістері; по 1 або по 2 блістери"
                    " в пачці; по 10 таблеток у блістері; по 10 блістерів у пачці",
                ),
                "500 мг",
                5,
                (5, 10),
            ),
            (
                row(
                    "амоксицилін; *кислота клавуланова",
                    COATED,
                    "7 Штук(и/а)",
                    "таблетки, вкриті плівковою оболонкою, 875 мг/125 мг, по 7 таблеток у блістері; по 2 блістери"
                    " у картонній коробці",
                ),
                "875 мг/125 мг",
                7,
                (14,),
            ),
            (
                row(
                    "кларитроміцин",
                    "Таблетка з модифікованим вивільненням",
                    "5 Штук(и/а)",
                    "таблетки по 500 мг по 5 таблеток у блістері; по 1 блістеру в коробці; по 7 таблеток у блістері;"
                    " по 1 або 2 блістери в коробці",
                ),
                "500 мг",
                5,
                (5,),
            ),
            (
                row(
                    "цефподоксим",
                    COATED,
                    "5 Штук(и/а)",
                    "таблетки, вкриті оболонкою, по 200 мг по 5 таблеток у блістері; по 2 або 4 блістери у упаковці",
                ),
                "200 мг",
                5,
                (10, 20),
            ),
            (
                row(
                    "цефтріаксон",
                    POWDER,
                    "1 грам(и)",
                    "порошок для розчину для ін'єкцій по 1,0 г; 1, або 5, або 50 флаконів з порошком у пачці; 1 флакон"
                    " з порошком та 1 ампула з розчинником (Лідокаїн, розчин для ін`єкцій, 10 мг/мл, по 3,5 мл) у"
                    " блістері; по 1 блістеру у пачці",
                ),
                "1000 мг",
                1,
                (1, 5, 50),
            ),
            (
                row(
                    "цефтазидим",
                    POWDER,
                    "1 грам(и)",
                    "порошок для розчину для ін'єкцій по 1 г; 5 флаконів з порошком у касеті; по 2 касети в пеналі",
                ),
                "1000 мг",
                1,
                (10,),
            ),
            (
                row(
                    "цефоперазон; сульбактам",
                    POWDER,
                    "2000 міліграм(и)",
                    "порошок для розчину для ін'єкцій по 1 г/1 г, 1 флакон з порошком в картонній коробці",
                ),
                "1000 мг/1000 мг",
                1,
                (1,),
            ),
            (
                row(
                    "ампіцилін; сульбактам",
                    POWDER,
                    "1.5 грам(и)",
                    "порошок для розчину для ін'єкцій по 1,5 г (1000 мг/500 мг) у флаконі, по 1 флакону у пачці",
                ),
                "1000 мг/500 мг",
                1,
                (1,),
            ),
            (
                row(
                    "цефепім",
                    POWDER,
                    "1000 міліграм(и)",
                    "порошок для розчину для ін'єкцій по 1000 мг у флаконах № 1, № 5",
                ),
                "1000 мг",
                1,
                (1, 5),
            ),
            (
                row(
                    "колістин",
                    POWDER,
                    "1000000 міжнародна(і) одиниця(і)",
                    "порошок для розчину для ін’єкцій по 1 000 000 МО; 10 флаконів з порошком в картонній коробці",
                ),
                "1000000 МО",
                1,
                (10,),
            ),
            (
                row(
                    "моксифлоксацин",
                    "Розчин для інфузії",
                    "250 мілілітр(и)",
                    "розчин для інфузій, 400 мг/250 мл, по 250 мл у флаконі; по 1 флакону в пачці або по 10 флаконів"
                    " у коробці",
                ),
                "1,6 мг/мл",
                1,
                (1, 10),
            ),
            (
                row(
                    "гентаміцин",
                    "Розчин для ін'єкцій",
                    "2 мілілітр(и)",
                    "розчин для ін'єкцій, 40 мг/мл по 1 мл або по 2 мл в ампулі; по 10 ампул у коробці; по 2 мл в"
                    " ампулі; по 5 ампул у блістері; по 2 блістери в коробці",
                ),
                "40 мг/мл",
                1,
                (10,),
            ),
            (
                row(
                    "сульфаметоксазол; триметоприм",
                    "Концентрат для розчину для інфузії",
                    "5 мілілітр(и)",
                    "концентрат для розчину для інфузій (80 мг+16 мг)/мл, по 5 мл в ампулі; по 5 ампул у контурній"
                    " чарунковій упаковці; по 2 контурні чарункові упаковки в коробці",
                ),
                "80 мг/16 мг/мл",
                1,
                (10,),
            ),
            (
                row(
                    "амоксицилін та інгібітор бета-лактамаз",
                    SUSPENSION,
                    "3199 міліграм(и)",
                    "порошок для оральної суспензії (200 мг/28,5 мг в 5 мл); 1 флакон з порошком для приготування 70 мл"
                    " суспензії з дозуючим шприцом в коробці",
                ),
                "200 мг/28,5 мг/5 мл",
                1,
                (1,),
            ),
            (
                row(
                    "фосфоміцин",
                    "Гранули для перорального розчину",
                    "8 грам(и)",
                    "гранули для орального розчину по 3 г, по 8 г гранул у саше; по 1 або 2 саше у картонній пачці",
                ),
                "3000 мг",
                1,
                (1, 2),
            ),
            (
                row(
                    "моксифлоксацин",
                    COATED,
                    "7 Штук(и/а)",
                    "таблетки, вкриті оболонкою, по 400 мг № 5 (5х1), № 7 (7х1), № 15 (5х3)",
                ),
                "400 мг",
                7,
                (7,),
            ),
        ],
    )
    def test_row_when_clear_then_gives_strength_and_packages(self, given, shown, smallest, packages):
        parsed = drugs.parse(given)
        assert parsed.strength.shown(parsed.form) == shown
        assert (parsed.package_min_qty, parsed.packages) == (smallest, packages)

    @pytest.mark.parametrize(
        ("given", "reason"),
        [
            (row("", COATED, "5 Штук(и/а)", "таблетки по 500 мг"), Reason.NO_SUBSTANCE),
            (row("азитроміцин", "", "", "порошок (субстанція)"), Reason.UNKNOWN_FORM),
            (
                row(
                    "кларитроміцин",
                    COATED,
                    "7 Штук(и/а)",
                    "таблетки пролонгованої дії по 500 мг, по 7 таблеток у блістері; по 2 блістери у коробці",
                ),
                Reason.FORM_DIFFERS,
            ),
            (row("*діоксидин; лідокаїн", "Розчин", "50 грам(и)", "розчин по 50 г"), Reason.ORDER_OF_SUBSTANCES),
            (row("азитроміцин", COATED, "3 Штук(и/а)", "таблетки; по 3 таблетки у блістері"), Reason.NO_STRENGTH),
            (
                row("азитроміцин", COATED, "3 Штук(и/а)", "таблетки по 250 мг або по 500 мг; по 3 таблетки у блістері"),
                Reason.SEVERAL_STRENGTHS,
            ),
            (
                row("піперацилін; тазобактам", POWDER, "4.5 грам(и)", "порошок по 4,5 г; по 1 флакону у коробці"),
                Reason.AMOUNTS_AND_SUBSTANCES,
            ),
            (
                row(
                    "амоксицилін та інгібітор бета-лактамаз",
                    COATED,
                    "8 Штук(и/а)",
                    "таблетки, 250 мг/250 мг по 8 таблеток у блістері; по 2 блістери в коробці",
                ),
                Reason.UNNAMED_SUBSTANCE,
            ),
            (
                row("цефепім", POWDER, "2 грам(и)", "порошок по 1 г, 1 флакон у коробці"),
                Reason.CONTENT_DIFFERS,
            ),
            (
                row("азитроміцин", COATED, "2 Штук(и/а)", "таблетки по 500 мг; по 5 таблеток у блістері"),
                Reason.NO_PACKAGE,
            ),
            (row("цефепім", POWDER, "1 грам(и)", "порошок по 1 г; in bulk: 50 флаконів"), Reason.IN_BULK),
        ],
    )
    def test_row_when_not_clear_then_is_refused_with_its_reason(self, given, reason):
        with pytest.raises(Unclear) as refused:
            drugs.parse(given)
        assert refused.value.reason is reason

    @pytest.mark.parametrize(
        "spelling",
        [
            "амоксицилін; *клавуланова кислота",
            "амоксицилін; *кислота клавуланова",
            "*клавуланова кислота; амоксицилін",
            "амоксицилін та інгібітор бета-лактамаз",
        ],
    )
    def test_substance_when_spelt_in_any_way_then_is_one(self, spelling):
        description = "таблетки, 500 мг/125 мг, по 7 таблеток у блістері; по 2 блістери у коробці"
        parsed = drugs.parse(row(spelling, COATED, "7 Штук(и/а)", description))
        assert parsed.substances == ("амоксицилін", "клавуланова кислота")
        assert parsed.strength.amounts == (Decimal(500), Decimal(125))


class TestTree:
    def test_coated_and_plain_tablets_when_of_one_strength_then_are_prescribed_as_one(self):
        text = "таблетки по 500 мг; по 3 таблетки у блістері; по 1 блістеру в пачці"
        rows = [row("азитроміцин", form, "3 Штук(и/а)", text, name_ua=form) for form in ("Таблетка", COATED)]
        (innm,) = drugs.tree(rows).innms
        (dosage,) = innm.dosages
        assert dosage.name == "азитроміцин 500 мг таблетки"
        assert len(dosage.brands) == 2

    def test_same_package_when_in_two_rows_then_is_one_brand(self):
        text = "таблетки по 500 мг; по 3 таблетки у блістері; по 1 блістеру в пачці"
        rows = [row("азитроміцин", COATED, "3 Штук(и/а)", text, package_pcid=pcid) for pcid in ("A", "B")]
        (brand,) = drugs.tree(rows).innms[0].dosages[0].brands
        assert brand.register_ids == ("A", "B")
        assert (brand.package_min_qty, brand.package_qty) == (3, 3)

    def test_ids_when_rows_come_in_another_order_then_stay(self):
        rows = drugs.antibiotics()[:300]
        assert drugs.tree(rows) == drugs.tree(rows[::-1])

    def test_id_of_a_drug_when_computed_then_is_the_published_one(self):
        azithromycin = next(each for each in drugs.tree(drugs.antibiotics()).innms if each.name == "азитроміцин")
        assert str(azithromycin.id) == AZITHROMYCIN


class TestAntibiotics:
    def test_carried_rows_when_read_then_most_are_clear_and_none_is_lost(self):
        rows = drugs.antibiotics()
        tree = drugs.tree(rows)
        brands = [brand for innm in tree.innms for dosage in innm.dosages for brand in dosage.brands]
        kept = {each for brand in brands for each in brand.register_ids}
        assert len(rows) == 1867
        assert len(tree.left_out) == 76
        assert len(kept) + len(tree.left_out) == 1867
        assert len({brand.id for brand in brands}) == len(brands)

    def test_every_form_when_named_then_stands_in_the_dictionary(self):
        forms = {value.code for value in dictionary("MEDICATION_FORM").values}
        units = {value.code for value in dictionary("MEDICATION_UNIT").values}
        assert {each.code for each in drugs.forms()} <= forms
        assert {each.unit for each in drugs.forms()} | {"MG", "IE"} <= units


AZITHROMYCIN = "ac2521ea-ab17-5bf4-8ba6-2c018d2efbdb"
