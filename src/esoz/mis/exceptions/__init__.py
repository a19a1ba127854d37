"""The pharmacy beside electronic prescriptions: what is handed over without any, where the war leaves no other way."""

from esoz.mis.base.services import MisSection

from .emergency.pages import section as emergency_section

SECTIONS: tuple[MisSection, ...] = (emergency_section,)
