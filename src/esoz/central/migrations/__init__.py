"""Numbered SQL files of central's database, applied in the order of their names."""
