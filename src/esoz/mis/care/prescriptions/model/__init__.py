"""The law of prescriptions: courses, medicines, states, the patient's note."""
