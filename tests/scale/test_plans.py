"""What is counted of a plan."""

from tests.scale.plans import Reading, reading

SCAN = {"Node Type": "Seq Scan", "Relation Name": "users", "Actual Rows": 2.5, "Actual Loops": 2}


def test_rows_that_a_scan_threw_away_were_read_in_each_of_its_turns() -> None:
    plan = {
        "Node Type": "Limit",
        "Actual Rows": 1,
        "Actual Loops": 1,
        "Plans": [{**SCAN, "Rows Removed by Filter": 10}],
    }
    assert reading(plan) == Reading(25, 1, (("users (Seq Scan )", 25),))


def test_rows_that_are_counted_are_answered() -> None:
    counted = {"Node Type": "WindowAgg", "Actual Rows": 1, "Actual Loops": 1, "Plans": [SCAN]}
    assert reading({"Node Type": "Limit", "Actual Rows": 1, "Actual Loops": 1, "Plans": [counted]}).answered == 5


def test_changed_rows_are_answered_and_the_catalogue_is_not_counted() -> None:
    names = {**SCAN, "Relation Name": "pg_type"}
    plan = {"Node Type": "ModifyTable", "Relation Name": "users", "Actual Rows": 0, "Actual Loops": 1}
    assert reading({**plan, "Plans": [{**SCAN, "Plans": [names]}]}) == Reading(5, 5, (("users (Seq Scan )", 5),))
