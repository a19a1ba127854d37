"""The patient's record as an International Patient Summary: a document bundle of FHIR R4."""

from .summary import Content, summary

__all__ = ["Content", "summary"]
