"""Care plans: what is planned for the patient, how much of it is left."""
