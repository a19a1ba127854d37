"""The catalogue of medical services: what a referral asks for, a report and a procedure answer."""

from .api import operations
from .commands import import_services, offer_services
from .model import Group, Programme, Service, SourceRow, group_id, service_id
from .queries import known_groups, known_services, offered_services, services_of_group
from .sources import read_services

__all__ = [
    "Group",
    "Programme",
    "Service",
    "SourceRow",
    "group_id",
    "import_services",
    "known_groups",
    "known_services",
    "offer_services",
    "offered_services",
    "operations",
    "read_services",
    "service_id",
    "services_of_group",
]
