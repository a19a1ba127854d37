"""Tests of device definitions."""
