"""Tests of declarations in the clinic."""
