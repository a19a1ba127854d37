"""Care for patients: who they are, their episodes, encounters and prescriptions."""
