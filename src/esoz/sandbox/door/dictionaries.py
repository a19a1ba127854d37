"""The dictionaries of central whose codes the telephone shows in words."""

NAMES = (
    "DOCUMENT_TYPE",
    "GENDER",
    "MEDICATION_REQUEST_REJECT_REASON",
    "PHONE_TYPE",
    "POSITION",
    "SETTLEMENT_TYPE",
    "SPECIALITY_TYPE",
    "STREET_TYPE",
)
