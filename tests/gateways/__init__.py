"""Tests of the gateways to the outside world."""
