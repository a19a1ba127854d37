"""My medical record: visits, diagnoses, measurements, vaccinations, allergies, all that doctors wrote down."""
