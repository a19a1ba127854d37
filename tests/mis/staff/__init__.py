"""Tests of the people of a clinic."""
