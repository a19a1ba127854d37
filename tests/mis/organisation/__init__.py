"""Tests of the clinic's own card and its divisions."""
