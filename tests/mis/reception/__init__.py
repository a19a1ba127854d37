"""Tests of the reception."""
