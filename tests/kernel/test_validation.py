"""Schema validation: how much is told at once."""

import pytest

from esoz.kernel.errors import Rejected
from esoz.kernel.validation import MOST_FAULTS, Schema


# ER-4
@pytest.mark.parametrize("wrong", [7, MOST_FAULTS, MOST_FAULTS + 1])
def test_faults_when_many_then_told_at_once_up_to_a_limit(wrong: int) -> None:
    names = [f"field_{number}" for number in range(wrong)]
    schema = Schema({"type": "object", "properties": {name: {"type": "string"} for name in names}}, {}.get)
    with pytest.raises(Rejected) as refused:
        schema.check(dict.fromkeys(names, 1))
    assert len(refused.value.invalid) == min(wrong, 20)
