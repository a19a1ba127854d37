"""Numbered SQL files of the trust centre's database."""
