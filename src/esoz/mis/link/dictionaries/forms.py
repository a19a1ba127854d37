"""Pickers without scripts: the button by which a form comes back with what was found."""

FIND = "find"
