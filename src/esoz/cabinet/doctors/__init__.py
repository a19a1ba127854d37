"""Doctors who can be chosen: found by place, name and speciality in a copy of central's public registers."""
