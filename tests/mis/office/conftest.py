"""The same blanks and requests as in the tests of paper and wholesale."""

from tests.mis.paper.test_paper import pharmacist, stocked, wire

__all__ = ["pharmacist", "stocked", "wire"]
