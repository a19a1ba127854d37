"""Persons as published."""

from .flat import (
    AccessLogQuery,
    MergedQuery,
    RelationshipsQuery,
    access,
    authentication_method,
    authentication_method_current,
    flat_documents,
    found_person,
    merged_person,
    own_authentication_method,
    own_record,
    own_verification,
    person_for_declaration,
    person_to_be_signed,
    personal_data,
    relationship,
    verification,
)
from .named import names_shown

__all__ = [
    "AccessLogQuery",
    "MergedQuery",
    "RelationshipsQuery",
    "access",
    "authentication_method",
    "authentication_method_current",
    "flat_documents",
    "found_person",
    "merged_person",
    "names_shown",
    "own_authentication_method",
    "own_record",
    "own_verification",
    "person_for_declaration",
    "person_to_be_signed",
    "personal_data",
    "relationship",
    "verification",
]
