"""What is done with a registration: written, confirmed by the patient, signed, carried to central."""
