"""Who the readers of a record are, when the log has no names."""

from esoz.cabinet.readings.model import readers, reading, visits


class TestReaders:
    def test_officials_of_two_offices_then_two_readers(self):
        """They have no names in the log: the office alone tells them apart."""
        lines = [
            reading({"event": "person.read", "at": f"2026-11-22T08:0{minute}:00+00:00", "user": {"role": role}})
            for minute, role in ((2, "CONTACT_CENTRE"), (1, "ANOTHER_OFFICE"), (0, "CONTACT_CENTRE"))
        ]
        assert [(each.last.role, each.count) for each in readers(visits(lines))] == [
            ("CONTACT_CENTRE", 1),
            ("ANOTHER_OFFICE", 1),
        ]
