"""Tests of the telephone with Diia."""
