"""Numbered SQL files of the cabinet, applied after those of the kernel."""
