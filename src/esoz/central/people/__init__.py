"""Persons, how they prove themselves, who speaks for them."""

from .api import operations
from .commands import create_person
from .model import (
    AuthenticationDetails,
    AuthenticationMethod,
    AuthenticationType,
    ConfidantDetails,
    ConfidantPerson,
    ContactMethod,
    Document,
    EmergencyContact,
    Person,
    PersonDetails,
    RelationshipDocument,
    Status,
    age,
    mask_phone,
    must_be_active,
    person_faults,
    tax_id_is_valid,
)
from .policy import patient_of
from .queries import contact_method, current_authentication_method, phone_of
from .store import (
    authentication_methods,
    confidants,
    find_by_document,
    find_person,
    find_person_by_tax_id,
    represented_by,
)
from .wire import authentication_method_current, person_for_declaration

__all__ = [
    "AuthenticationDetails",
    "AuthenticationMethod",
    "AuthenticationType",
    "ConfidantDetails",
    "ConfidantPerson",
    "ContactMethod",
    "Document",
    "EmergencyContact",
    "Person",
    "PersonDetails",
    "RelationshipDocument",
    "Status",
    "age",
    "authentication_method_current",
    "authentication_methods",
    "confidants",
    "contact_method",
    "create_person",
    "current_authentication_method",
    "find_by_document",
    "find_person",
    "find_person_by_tax_id",
    "mask_phone",
    "must_be_active",
    "operations",
    "patient_of",
    "person_faults",
    "person_for_declaration",
    "phone_of",
    "represented_by",
    "tax_id_is_valid",
]
