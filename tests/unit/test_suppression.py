"""Small numbers are hidden, and never follow from what is told."""

from hypothesis import given
from hypothesis import strategies as st

from esoz.central.statistics.model import hidden, with_totals

LEAST = 5
tables = st.dictionaries(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("123456")), st.integers(0, 30), min_size=1, max_size=36
)


def lines(table: dict[tuple[str, str], int]) -> list[list[tuple[str, str]]]:
    rows = [[key for key in table if key[0] == row] for row in {key[0] for key in table}]
    return rows + [[key for key in table if key[1] == column] for column in {key[1] for key in table}]


# ST-1, ST-2
class TestHidden:
    def test_of_small_numbers_then_st_1_hides_them_and_zero_is_told(self) -> None:
        table = with_totals({("a", "1"): 0, ("a", "2"): 4, ("b", "1"): 5, ("b", "2"): 3})
        covered = hidden(table, LEAST)
        assert ("a", "2") in covered and ("b", "2") in covered and ("a", "1") not in covered

    def test_of_one_small_number_then_st_2_hides_another_and_not_the_larger_ones(self) -> None:
        table = with_totals({("a", "1"): 3, ("b", "1"): 90, ("c", "1"): 40})
        assert {key for key in hidden(table, LEAST) if key[1] == "1"} == {("a", "1"), ("c", "1")}

    def test_of_what_is_large_then_nothing_is_hidden(self) -> None:
        assert hidden(with_totals({("a", "1"): 5, ("b", "2"): 9}), LEAST) == frozenset()

    def test_of_what_is_hidden_elsewhere_then_st_3_hides_it_here_with_another(self) -> None:
        table = with_totals({("a", "1"): 10, ("b", "1"): 20, ("c", "1"): 30})
        assert {("a", "1"), ("b", "1")} <= hidden(table, LEAST, [("a", "1")])

    @given(tables)
    def test_of_any_table_then_no_line_tells_what_is_hidden_in_it(self, table: dict[tuple[str, str], int]) -> None:
        whole = with_totals(table)
        covered = hidden(whole, LEAST)
        assert {key for key, value in whole.items() if 0 < value < LEAST} <= covered
        for line in lines(whole):
            found = [key for key in line if key in covered]
            if not found or (len([key for key in line if "" not in key or key == ("", "")]) == 0 and len(line) < 2):
                continue
            assert len(found) >= 2, (line, found)
            side = 0 if len({key[0] for key in line}) == 1 else 1
            total = next(key for key in line if key[1 - side] == "")
            if total not in covered:
                assert sum(whole[key] for key in found) >= LEAST
